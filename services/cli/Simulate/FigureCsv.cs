using System.Globalization;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Simulate;

/// <summary>A figure as comma-separated values (RFC 4180), one row for each computed value.</summary>
internal static class FigureCsv
{
    private static readonly string[] Columns =
        ["panel", "quantity", "x", "ours", "standard_error", "published", "published_as", "agrees", "rule", "other", "other_as"];

    public static string Of(Figure figure)
    {
        var rows =
            from panel in figure.Panels
            from series in panel.Series
            from row in series.Rows
            select Line(
            [
                panel.Name,
                series.Quantity,
                Number(row.X),
                Number(row.Ours),
                Number(row.StandardError),
                Number(row.Published?.Value),
                row.Published is null ? "" : series.PublishedAs,
                row.Agrees switch { true => "yes", false => "no", null => "" },
                row.Published is null ? "" : row.Rule.Words,
                Number(row.Other),
                row.Other is null ? "" : series.OtherAs ?? "",
            ]);
        return string.Concat([Line(Columns), .. rows]);
    }

    private static string Line(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Quoted))}\r\n";

    private static string Number(double? value) => value?.ToString("G10", CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
