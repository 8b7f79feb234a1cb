using System.Globalization;
using P2PCloud.Cli.Output;
using P2PCloud.Simulation.Comparison;

namespace P2PCloud.Cli.Compare;

/// <summary>A comparison as text.</summary>
internal static class CompareText
{
    private const string None = "-";

    private static readonly (string Name, string Head)[] Columns =
    [
        (FigureNames.Success, "found"),
        (FigureNames.Recall, "recall"),
        (FigureNames.Messages, "messages"),
        (FigureNames.Bytes, "bytes"),
        (FigureNames.Hops, "hops"),
        (FigureNames.Latency, "ms"),
        (FigureNames.Entries, "entries"),
        (FigureNames.UpkeepMessages, "upkeep/s"),
    ];

    public static void Write(CliConsole console, ComparisonReport report)
    {
        var table = new TextTable(["technique", .. Columns.Select(column => column.Head), "laws", "agree"]);
        foreach (var row in report.Rows)
        {
            var compared = row.Figures.Where(figure => figure.Agrees is not null).ToList();
            table.Add(
            [
                row.Label,
                .. Columns.Select(column => row.Figures.FirstOrDefault(figure => figure.Name == column.Name) is { } figure
                    ? figure.Measured.ToString("0.###", CultureInfo.InvariantCulture)
                    : None),
                $"{compared.Count}",
                $"{compared.Count(figure => figure.Agrees is true)}",
            ]);
        }

        table.WriteTo(console);
        console.Out.WriteLine();
        foreach (var (label, figure) in report.Rows.SelectMany(row => row.Figures.Select(figure => (row.Label, Figure: figure))))
        {
            if (figure.Agrees is false)
            {
                console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{label}: {figure.Name} {figure.Measured:0.###}, law {figure.Law:0.###} = {figure.Formula}. {figure.Explanation ?? "Not explained."}"));
            }
        }
    }
}
