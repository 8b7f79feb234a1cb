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
            select Csv.Line(
            [
                panel.Name,
                series.Quantity,
                Csv.Number(row.X),
                Csv.Number(row.Ours),
                Csv.Number(row.StandardError),
                Csv.Number(row.Published?.Value),
                row.Published is null ? "" : series.PublishedAs,
                row.Agrees switch { true => "yes", false => "no", null => "" },
                row.Published is null ? "" : row.Rule.Words,
                Csv.Number(row.Other),
                row.Other is null ? "" : series.OtherAs ?? "",
            ]);
        return string.Concat([Csv.Line(Columns), .. rows]);
    }
}
