using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace P2PCloud.Cli.Tests;

public sealed partial class SimulateFiguresTests(SimulateFiguresTests.Written written) : IClassFixture<SimulateFiguresTests.Written>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly byte[] PngMagic = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly string[] Figures = ["load", "virtual-nodes", "path-length", "path-distribution", "mass-failure", "churn", "finger-base"];

    [Fact]
    public void The_command_counts_the_values_that_agree_and_names_the_page()
    {
        Assert.Equal(ExitCodes.Ok, written.Outcome.ExitCode);
        Assert.Equal(Figures, written.Outcome.Lines.Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')[0]));
        Assert.Contains($"# page: {written.Folder.At("index.html")}", written.Outcome.Lines);
        Assert.Empty(written.Outcome.Error);
    }

    [Fact]
    public void Every_figure_has_its_data_as_csv_with_equal_columns_and_invariant_numbers()
    {
        Assert.Equal(Figures.Select(name => $"{name}.csv").Order(StringComparer.Ordinal), written.Folder.Entries.Where(name => name.EndsWith(".csv", StringComparison.Ordinal)));
        foreach (var name in Figures)
        {
            var lines = File.ReadAllText(written.Folder.At($"{name}.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("panel,quantity,x,ours,standard_error,published,published_as,agrees,rule,other,other_as", lines[0]);
            Assert.True(lines.Length > 1);
            Assert.All(lines.Skip(1).Select(Cells), cells =>
            {
                Assert.Equal(11, cells.Count);
                Assert.True(double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out _));
                Assert.True(double.TryParse(cells[3], NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            });
        }
    }

    [Fact]
    public void Every_plot_is_there_as_png_and_as_well_formed_svg_with_text()
    {
        var stems = written.Folder.Entries.Where(name => name.EndsWith(".png", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).ToList();

        Assert.Equal(12, stems.Count);
        foreach (var stem in stems)
        {
            Assert.Equal(PngMagic, File.ReadAllBytes(written.Folder.At($"{stem}.png"))[..8]);
            var svg = XDocument.Load(written.Folder.At($"{stem}.svg"));
            Assert.Equal(Svg + "svg", svg.Root!.Name);
            Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value.Contains(", ours", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_plots_carry_their_font()
    {
        var svg = XDocument.Load(written.Folder.At("load.svg"));

        Assert.Single(svg.Descendants(Svg + "text").Select(text => text.Attribute("font-family")!.Value).Distinct(), "DejaVu Sans");
        Assert.Contains("@font-face", svg.Descendants(Svg + "style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_well_formed_and_shows_every_plot_and_every_value()
    {
        var page = Page();
        var plots = page.Descendants(Svg + "svg").ToList();

        Assert.Equal(Figures, page.Descendants("section").Select(section => section.Attribute("id")!.Value));
        Assert.Equal(12, plots.Count);
        Assert.All(plots, plot => Assert.NotEmpty(plot.Attribute("aria-label")!.Value));
        var rows = Figures.Sum(name => File.ReadLines(written.Folder.At($"{name}.csv")).Count() - 1);
        Assert.Equal(rows + Figures.Length, page.Descendants("tbody").Elements("tr").Count());
    }

    [Fact]
    public void The_page_loads_nothing_and_links_only_to_files_beside_it()
    {
        var page = Page();

        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotMatch(LoadedFromElsewhere(), File.ReadAllText(written.Folder.At("index.html")));
        Assert.All(
            page.Descendants("a").Select(link => link.Attribute("href")!.Value).Where(href => !href.StartsWith('#')),
            href => Assert.True(File.Exists(written.Folder.At(href)), href));
    }

    [Fact]
    public void Ids_on_the_page_are_unique_and_every_reference_has_its_target()
    {
        var page = Page();
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();

        Assert.Distinct(ids);
        Assert.All(
            page.Descendants().Attributes().SelectMany(attribute => Reference().Matches(attribute.Value)).Select(match => match.Groups[1].Value),
            target => Assert.Contains(target, ids));
    }

    [Fact]
    public void A_quick_run_says_so_on_the_page() => Assert.Contains("Quick run.", Page().Descendants("strong").Select(text => text.Value));

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_said_before_anything_is_computed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        var asked = false;

        var outcome = await Simulator.RunAsync(["simulate", "figures", "--out", folder.At("file/below")], Simulator.Reporting(_ => asked = true));

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith("p2pcloud: the figures cannot be written", outcome.Error, StringComparison.Ordinal);
        Assert.False(asked);
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_misuse()
    {
        using var folder = new TemporaryFolder();

        var outcome = await Simulator.RunAsync(["simulate", "figures", "--out", folder.Write("file", "")], Simulator.Reporting());

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_while_computing_exits_as_interrupted()
    {
        using var folder = new TemporaryFolder();
        using var interrupt = new CancellationTokenSource();

        var outcome = await Simulator.RunUntilAsync(
            ["simulate", "figures", "--out", folder.Root, "--quick"],
            Simulator.Reporting(_ => interrupt.Cancel()),
            console => console,
            interrupt.Token);

        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.Empty(folder.Entries);
    }

    private XDocument Page()
    {
        // HTML as this page writes it is XML but for the doctype and the two elements without an end.
        var html = File.ReadAllText(written.Folder.At("index.html"));
        return XDocument.Parse(VoidElement().Replace(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<$1/>"));
    }

    private static List<string> Cells(string line) => [.. Cell().Matches($",{line}").Select(match => match.Groups[1].Value)];

    [GeneratedRegex(",(\"(?:[^\"]|\"\")*\"|[^,]*)")]
    private static partial Regex Cell();

    [GeneratedRegex("<(meta[^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex(@"(src|href)=""(https?:)?//|url\((?!#|data:)|@import")]
    private static partial Regex LoadedFromElsewhere();

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();

    /// <summary>One quick run for all tests that look at its files.</summary>
    public sealed class Written : IAsyncLifetime
    {
        internal TemporaryFolder Folder { get; } = new();

        internal Outcome Outcome { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Outcome = await Simulator.RunAsync(["simulate", "figures", "--out", Folder.Root, "--quick"], Simulator.Reporting());

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
