using System.Globalization;
using System.Net;
using System.Text;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Cli.Simulate;

/// <summary>The page that shows all figures: one file, no scripts, nothing loaded from elsewhere, light and dark as the reader's system.</summary>
internal static class FiguresPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1c1c1e;--ground:#fff;--line:#c9c9cf;--yes:#1b6e3a;--no:#a3261b;--note:#fff4d6}
        @media(prefers-color-scheme:dark){:root{--ink:#e8e8ea;--ground:#161618;--line:#46464c;--yes:#7fd6a0;--no:#ff9d92;--note:#3a3014}}
        body{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.5 system-ui,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground)}
        a{color:inherit}h2{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem}
        figure{margin:1rem 0}svg{max-width:100%;height:auto}
        .wide{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:right}
        th:first-child{text-align:left;font-weight:400}thead th{font-weight:600}td.text{text-align:left}
        .yes{color:var(--yes)}.no{color:var(--no);font-weight:600}.note{background:var(--note);padding:.5rem 1rem}
        """;

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
            .AppendLine(CultureInfo.InvariantCulture, $"<style>{PlotFont.Use().Css}\n{Style}</style>")
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
                $"<tr><th scope=\"row\"><a href=\"#{figure.Name}\">{Text(figure.Title)}</a></th><td>{compared}</td><td class=\"{YesOrNo(agree == compared)}\">{agree}</td></tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static void WriteFigure(StringBuilder page, Figure figure)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"<section id=\"{figure.Name}\">")
            .AppendLine(CultureInfo.InvariantCulture, $"<h2>{Text(figure.Title)}</h2>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Source: {Text(figure.Source)}.</p>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Measured: {Text(figure.Method)}</p>")
            .AppendLine(CultureInfo.InvariantCulture, $"<p>Data: <a href=\"{FigureFiles.CsvOf(figure)}\">{FigureFiles.CsvOf(figure)}</a></p>");
        foreach (var panel in figure.Panels)
        {
            var stem = FigureFiles.StemOf(figure, panel);
            page.AppendLine("<figure>")
                .AppendLine(PlotSvg.Inline(panel, FigureFiles.DescriptionOf(figure, panel), stem))
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"<figcaption>{Text(panel.YLabel)} against {Text(panel.XLabel)} (<a href=\"{stem}.png\">PNG</a>, <a href=\"{stem}.svg\">SVG</a>)</figcaption>")
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
        page.AppendLine(CultureInfo.InvariantCulture, $"<div class=\"wide\"><table><caption>{Text(series.Quantity)}</caption>")
            .Append("<thead><tr>").AppendJoin("", heads.Select(head => $"<th scope=\"col\">{Text(head)}</th>")).AppendLine("</tr></thead><tbody>");
        foreach (var row in series.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Number(row.X)}</th><td>{Number(row.Ours)}</td><td>{Number(row.StandardError)}</td>");
            if (compared)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Printed(row.Published)}</td>").Append(Agreement(row));
            }

            page.Append(other ? $"<td>{Number(row.Other)}</td>" : "").AppendLine("</tr>");
        }

        page.AppendLine("</tbody></table></div>");
    }

    private static string Agreement(FigureRow row) => row.Agrees is { } agrees
        ? $"<td class=\"{YesOrNo(agrees)}\">{YesOrNo(agrees)}</td><td class=\"text\">{Text(row.Rule.Words)}</td>"
        : "<td></td><td></td>";

    private static string YesOrNo(bool yes) => yes ? "yes" : "no";

    private static string Number(double? value) => value switch
    {
        null => "",
        { } number when Math.Abs(number) >= 100 => number.ToString("0.##", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private static string Printed(PublishedValue? published) =>
        published?.Value.ToString($"F{published.Digits}", CultureInfo.InvariantCulture) ?? "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
