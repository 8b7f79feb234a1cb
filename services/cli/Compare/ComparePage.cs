using System.Globalization;
using System.Text;
using P2PCloud.Cli.Simulate;
using P2PCloud.Simulation.Comparison;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Compare;

/// <summary>The page of a comparison: one file, no scripts, nothing loaded from elsewhere.</summary>
internal static class ComparePage
{
    private static readonly string[] Overview =
    [
        FigureNames.Success, FigureNames.Recall, FigureNames.Messages, FigureNames.Bytes, FigureNames.Hops, FigureNames.Latency,
        FigureNames.Entries, FigureNames.PostingsMax, FigureNames.UpkeepMessages,
    ];

    /// <summary>The whole page.</summary>
    /// <param name="report">What to show.</param>
    /// <param name="command">The command that computes it again.</param>
    public static string Of(ComparisonReport report, string command)
    {
        var page = new StringBuilder();
        const string Title = "Napster, Gnutella, KaZaA and Chord on the same files";
        page.AppendLine("<!DOCTYPE html>").AppendLine("<html lang=\"en\">").AppendLine("<head>").AppendLine("<meta charset=\"utf-8\">")
            .AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .AppendLine(CultureInfo.InvariantCulture, $"<title>{Title}</title>")
            .AppendLine(CultureInfo.InvariantCulture, $"<style>{PlotFont.Use().Css}\n{PageParts.Style}</style>")
            .AppendLine("</head>").AppendLine("<body>").AppendLine("<main>")
            .AppendLine(CultureInfo.InvariantCulture, $"<h1>{Title}</h1>")
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"<p>{report.Nodes} peers, {report.Files} files with {report.Replicas} holders each, {report.Queries} searches by each technique, popularity {report.Popularity}. "
                + $"Computed by <code>{PageParts.Text(command)}</code>.</p>")
            .AppendLine("<p>Messages are those that the laws count; acknowledgements are none. Bytes are the JSON bodies of these messages. "
                + "A search starts at a peer that does not have the file. Hops lead to the first node that knew of a holder.</p>");
        WriteOverview(page, report);
        WriteDead(page, report);
        foreach (var curve in report.Curves)
        {
            WriteCurve(page, curve);
        }

        WriteLaws(page, report);
        return page.AppendLine("</main>").AppendLine("</body>").AppendLine("</html>").ToString();
    }

    private static void WriteOverview(StringBuilder page, ComparisonReport report) =>
        WriteMatrix(page, "Side by side, means of a search or a node", report, Overview);

    private static void WriteDead(StringBuilder page, ComparisonReport report)
    {
        var names = report.Rows.SelectMany(row => row.Figures).Select(figure => figure.Name).Distinct()
            .Where(name => name.EndsWith("dead", StringComparison.Ordinal) || name.EndsWith("under churn", StringComparison.Ordinal)).ToArray();
        if (names.Length > 0)
        {
            WriteMatrix(page, "With dead nodes and nothing repaired yet, and under churn", report, names);
        }
    }

    private static void WriteMatrix(StringBuilder page, string caption, ComparisonReport report, string[] names)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table><caption>{PageParts.Text(caption)}</caption>")
            .Append("<thead><tr><th scope=\"col\">technique</th>")
            .AppendJoin("", names.Select(name => $"<th scope=\"col\">{PageParts.Text(name)}</th>")).AppendLine("</tr></thead><tbody>");
        foreach (var row in report.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{PageParts.Text(row.Label)}</th>")
                .AppendJoin("", names.Select(name => $"<td>{PageParts.Number(row.Figures.FirstOrDefault(figure => figure.Name == name)?.Measured)}</td>"))
                .AppendLine("</tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static void WriteCurve(StringBuilder page, Figure curve)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"<section id=\"{curve.Name}\">")
            .AppendLine(CultureInfo.InvariantCulture, $"<h2>{PageParts.Text(curve.Title)}</h2>");
        foreach (var panel in curve.Panels)
        {
            page.AppendLine("<figure>")
                .AppendLine(PlotSvg.Inline(panel, FigureFiles.DescriptionOf(curve, panel), curve.Name))
                .AppendLine(CultureInfo.InvariantCulture, $"<figcaption>{PageParts.Text(panel.YLabel)} against {PageParts.Text(panel.XLabel)}: {PageParts.Text(curve.Method)}</figcaption>")
                .AppendLine("</figure>");
            WritePoints(page, panel);
        }

        page.AppendLine("</section>");
    }

    private static void WritePoints(StringBuilder page, Panel panel)
    {
        var sizes = panel.Series.SelectMany(series => series.Rows).Select(row => row.X).Distinct().Order().ToList();
        page.AppendLine("<div class=\"wide\"><table>").Append("<thead><tr><th scope=\"col\">N</th>")
            .AppendJoin("", sizes.Select(size => $"<th scope=\"col\">{PageParts.Number(size)}</th>")).AppendLine("</tr></thead><tbody>");
        foreach (var series in panel.Series)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{PageParts.Text(series.Quantity)}</th>")
                .AppendJoin("", sizes.Select(size => $"<td>{PageParts.Number(series.Rows.FirstOrDefault(row => row.X == size)?.Ours)}</td>"))
                .AppendLine("</tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static void WriteLaws(StringBuilder page, ComparisonReport report)
    {
        page.AppendLine("<section id=\"laws\">").AppendLine("<h2>Beside the laws</h2>")
            .AppendLine("<p>A figure agrees within 3 standard errors or 5 % of its law, or when it keeps to a bound.</p>");
        foreach (var row in report.Rows)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table><caption>{PageParts.Text(row.Label)}</caption>")
                .AppendLine("<thead><tr><th scope=\"col\">figure</th><th scope=\"col\">measured</th><th scope=\"col\">standard error</th><th scope=\"col\">law</th>"
                    + "<th scope=\"col\">agrees</th><th scope=\"col\">formula</th><th scope=\"col\">what to know</th></tr></thead><tbody>");
            foreach (var figure in row.Figures.Where(figure => figure.Law is not null))
            {
                var agrees = figure.Agrees is true;
                page.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"<tr><th scope=\"row\">{PageParts.Text(figure.Name)}</th><td>{PageParts.Number(figure.Measured)}</td><td>{PageParts.Number(figure.StandardError)}</td>"
                    + $"<td>{PageParts.Number(figure.Law)}</td><td class=\"{PageParts.YesOrNo(agrees)}\">{PageParts.YesOrNo(agrees)}</td>"
                    + $"<td class=\"text\">{PageParts.Text(figure.Formula ?? "")}</td><td class=\"text\">{PageParts.Text(figure.Explanation ?? "")}</td></tr>");
            }

            page.AppendLine("</tbody></table></div>");
        }

        page.AppendLine("</section>");
    }
}
