using System.Globalization;
using System.Text;

namespace P2PCloud.ClusterLoad;

/// <summary>A Markdown table with a row for each scenario.</summary>
public sealed class ReportTable
{
    private static readonly string[] Columns =
    [
        "scenario", "operations", "failures by kind", "longest unavailability by technique", "slowest", "recovery", "converged", "keys lost",
        "wrong bytes", "without outcome", "misses", "skipped", "violations", "must hold",
    ];

    private readonly StringBuilder _rows = new();

    /// <summary>Adds a scenario.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="result">What its history shows.</param>
    /// <param name="converged">Time from a mark until all members of the cloud had found each other, by the mark's name.</param>
    /// <param name="mustHold">What was asked of it, in words.</param>
    public void Add(string scenario, CheckResult result, IReadOnlyList<KeyValuePair<string, TimeSpan>> converged, string mustHold)
    {
        ArgumentNullException.ThrowIfNull(result);
        string[] cells =
        [
            scenario,
            Text(result.Operations),
            List(result.Failures.OrderBy(failure => failure.Key, StringComparer.Ordinal).Select(failure => $"{failure.Key} {Text(failure.Value)}")),
            List(Ordered(result.ByStream).Where(stream => stream.Value.LongestUnavailability > TimeSpan.Zero)
                .Select(stream => $"{stream.Key} {Seconds(stream.Value.LongestUnavailability)}")),
            Ordered(result.ByStream).MaxBy(stream => stream.Value.Slowest) is { Key: not null } slowest
                ? $"{slowest.Key} {Seconds(slowest.Value.Slowest)}" : "none",
            List(result.Recoveries.Select(recovery => $"{recovery.From}: {Text(recovery)}")),
            List(converged.Select(mark => $"{mark.Key}: {Seconds(mark.Value)}")),
            Text(result.KeysLost + result.KeysUnread),
            Text(result.WrongBytes),
            Text(result.WithoutOutcome),
            List(Ordered(result.ByStream).Where(stream => stream.Value.Misses > 0).Select(stream => $"{stream.Key} {Text(stream.Value.Misses)}")),
            Text(result.Skipped),
            List(result.Violations.GroupBy(violation => violation.Kind).OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {Text(kind.Count())}")),
            mustHold,
        ];
        _rows.Append(RowOf(cells));
    }

    /// <summary>The table with its head; lines end with a line feed.</summary>
    public override string ToString() => RowOf(Columns) + RowOf(Columns.Select(_ => "---")) + _rows;

    private static string RowOf(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")))} |\n";

    private static string List(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "none";

    private static IEnumerable<KeyValuePair<string, StreamFigures>> Ordered(IReadOnlyDictionary<string, StreamFigures> streams) =>
        streams.OrderBy(stream => stream.Key, StringComparer.Ordinal);

    private static string Text(Recovery recovery)
    {
        var missing = recovery.ByStream.Where(stream => stream.Value is null).Select(stream => stream.Key).Order(StringComparer.Ordinal);
        return recovery.Longest is { } time ? Seconds(time) : $"not by {string.Join(" and ", missing)}";
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
}
