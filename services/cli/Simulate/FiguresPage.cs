using System.Globalization;
using System.Text;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Simulate;

/// <summary>The page that shows all figures: one file, no scripts, nothing loaded from elsewhere, light and dark as the reader's system.</summary>
internal static class FiguresPage
{
    /// <summary>The whole page.</summary>
    /// <param name="figures">In the order of the page.</param>
    /// <param name="seed">To repeat it.</param>
    /// <param name="quick">The sizes are smaller than the paper's, which the page says.</param>
    public static string Of(IReadOnlyList<Figure> figures, ulong seed, bool quick)
    {
        var page = new StringBuilder();
        page.AppendLine("<!DOCTYPE html>").AppendLine("<html lang=\"en\">").AppendLine("<head>").AppendLine("<meta charset=\"utf-8\">")
            .AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .AppendLine("<title>Chord: published figures and ours</title>")
            .AppendLine(CultureInfo.InvariantCulture, $"<style>{PlotFont.Use().Css}\n{PageParts.Style}</style>")
            .AppendLine("</head>").AppendLine("<body>").AppendLine("<main>")
            .AppendLine("<h1>Chord: published figures and ours</h1>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Computed by <code>p2pcloud simulate figures --seed {seed}{(quick ? " --quick" : "")}</code>. ")
            .AppendLine("Solid lines with filled marks are ours, dashed lines with open marks the published values, dotted lines further values to compare by eye. "
                + "Bars are standard errors. A published value stands for all that rounds to it.</p>");
        if (quick)
        {
            page.AppendLine("<p class=\"note\"><strong>Quick run.</strong> Sizes are smaller than the paper's and there are fewer runs; "
                + "differences are larger than in a full run.</p>");
        }

        WriteSummary(page, figures);
        foreach (var figure in figures)
        {
            WriteFigure(page, figure);
        }

        return page.AppendLine("</main>").AppendLine("</body>").AppendLine("</html>").ToString();
    }

    private static void WriteSummary(StringBuilder page, IReadOnlyList<Figure> figures)
    {
        page.AppendLine("<div class=\"wide\"><table><caption>Agreement with the published values</caption>")
            .AppendLine("<thead><tr><th scope=\"col\">figure</th><th scope=\"col\">values compared</th><th scope=\"col\">agree</th></tr></thead><tbody>");
        foreach (var figure in figures)
        {
            var compared = figure.Compared.Count();
            var agree = figure.Compared.Count(row => row.Agrees is true);
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\"><a href=\"#{figure.Name}\">{PageParts.Text(figure.Title)}</a></th><td>{compared}</td><td class=\"{PageParts.YesOrNo(agree == compared)}\">{agree}</td></tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static void WriteFigure(StringBuilder page, Figure figure)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"<section id=\"{figure.Name}\">")
            .AppendLine(CultureInfo.InvariantCulture, $"<h2>{PageParts.Text(figure.Title)}</h2>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Source: {PageParts.Text(figure.Source)}.</p>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Measured: {PageParts.Text(figure.Method)}</p>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Data: <a href=\"{FigureFiles.CsvOf(figure)}\">{FigureFiles.CsvOf(figure)}</a></p>");
        foreach (var panel in figure.Panels)
        {
            var stem = FigureFiles.StemOf(figure, panel);
            page.AppendLine("<figure>")
                .AppendLine(PlotSvg.Inline(panel, FigureFiles.DescriptionOf(figure, panel), stem))
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"<figcaption>{PageParts.Text(panel.YLabel)} against {PageParts.Text(panel.XLabel)} (<a href=\"{stem}.png\">PNG</a>, <a href=\"{stem}.svg\">SVG</a>)</figcaption>")
                .AppendLine("</figure>");
            foreach (var series in panel.Series)
            {
                WriteTable(page, panel, series);
            }
        }

        page.AppendLine("</section>");
    }

    private static void WriteTable(StringBuilder page, Panel panel, Series series)
    {
        var other = series.Rows.Any(row => row.Other is not null);
        var compared = series.Rows.Any(row => row.Published is not null);
        string[] heads =
        [
            panel.XLabel, "ours", "standard error",
            .. compared ? (string[])[series.PublishedAs, "agree", "rule"] : [],
            .. other ? (string[])[series.OtherAs ?? "other"] : [],
        ];
        page.AppendLine(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table><caption>{PageParts.Text(series.Quantity)}</caption>")
            .Append("<thead><tr>").AppendJoin("", heads.Select(head => $"<th scope=\"col\">{PageParts.Text(head)}</th>")).AppendLine("</tr></thead><tbody>");
        foreach (var row in series.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{PageParts.Number(row.X)}</th><td>{PageParts.Number(row.Ours)}</td><td>{PageParts.Number(row.StandardError)}</td>");
            if (compared)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Printed(row.Published)}</td>").Append(Agreement(row));
            }

            page.Append(other ? $"<td>{PageParts.Number(row.Other)}</td>" : "").AppendLine("</tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static string Agreement(FigureRow row) => row.Agrees is { } agrees
        ? $"<td class=\"{PageParts.YesOrNo(agrees)}\">{PageParts.YesOrNo(agrees)}</td><td class=\"text\">{PageParts.Text(row.Rule.Words)}</td>"
        : "<td></td><td></td>";

    private static string Printed(PublishedValue? published) =>
        published?.Value.ToString($"F{published.Digits}", CultureInfo.InvariantCulture) ?? "";
}
