using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace P2PCloud.Observability.Tests.Live;

/// <summary>The written tables beside what the code declares and does.</summary>
[Collection(ObservedCloud.Collection)]
public sealed partial class TableTests(ObservedCloud cloud)
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Metrics = Table.Read("metrics");
    private static readonly IReadOnlyList<IReadOnlyList<string>> Attributes = Table.Read("attributes");

    [Fact]
    public void The_table_of_metrics_has_every_instrument_of_the_services_and_no_other()
    {
        var declared = cloud.Declared.Instruments.Select(instrument => $"{instrument.Name}: {TypeOf(instrument)}, {instrument.Unit}, {instrument.Description}");

        Assert.Equal(Metrics.Select(row => $"{row[0]}: {row[1]}, {row[2]}, {row[4]}").Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_instrument_measures_with_the_attributes_of_its_row()
    {
        var written = Metrics.Select(row => $"{row[0]}: {Sorted(row[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}");

        Assert.Equal(written, Metrics.Select(row => $"{row[0]}: {Sorted(cloud.Declared.AttributesOf(row[0]))}"));
    }

    [Fact]
    public void Spans_have_attributes_of_the_table_alone()
    {
        Assert.NotEmpty(cloud.Declared.SpanAttributes);
        Assert.Empty(cloud.Declared.SpanAttributes.Except(Attributes.Select(row => row[0])));
    }

    [Fact]
    public void The_tables_have_every_name_that_the_sources_spell_out_and_no_other()
    {
        string[] events = ["p2p.duplicate"];
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any());
        var spelled = sources.SelectMany(file => Name().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

        Assert.Equal(
            Metrics.Concat(Attributes).Select(row => row[0]).Concat(events).Order(StringComparer.Ordinal),
            spelled.Distinct().Order(StringComparer.Ordinal));
    }

    private static string Sorted(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private static string TypeOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        nameof(Histogram<int>) => "histogram",
        nameof(Counter<int>) => "counter",
        nameof(Gauge<int>) or nameof(ObservableGauge<int>) => "gauge",
        var other => other,
    };

    [GeneratedRegex("\"(p2p\\.[a-z_.]+)\"")]
    private static partial Regex Name();
}
