using System.Globalization;
using System.Net;

namespace P2PCloud.Cli.Simulate;

/// <summary>What all pages have in common.</summary>
internal static class PageParts
{
    /// <summary>Light and dark as the reader's system.</summary>
    public const string Style = """
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

    /// <summary>A word, and a class of the style sheet.</summary>
    public static string YesOrNo(bool yes) => yes ? "yes" : "no";

    /// <summary>A number for people; empty when there is none.</summary>
    public static string Number(double? value) => value switch
    {
        null => "",
        { } number when Math.Abs(number) >= 100 => number.ToString("0.##", CultureInfo.InvariantCulture),
        { } number => number.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>Text for HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
