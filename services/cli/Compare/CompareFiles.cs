using System.Text.Json;
using P2PCloud.Cli.Simulate;
using P2PCloud.Simulation.Comparison;

namespace P2PCloud.Cli.Compare;

/// <summary>Writes a comparison to a folder: JSON, CSV and the page.</summary>
internal static class CompareFiles
{
    /// <summary>Name of the page.</summary>
    public const string Page = "index.html";

    private static readonly string[] Columns =
        ["technique", "mode", "label", "figure", "unit", "measured", "standard_error", "law", "formula", "agrees", "explanation"];

    /// <summary>Writes all; files of the same names are replaced.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Write(string folder, ComparisonReport report, string command)
    {
        File.WriteAllText(Path.Combine(folder, "comparison.json"), Json(report));
        File.WriteAllText(Path.Combine(folder, "comparison.csv"), Csv(report));
        foreach (var curve in report.Curves)
        {
            File.WriteAllText(Path.Combine(folder, FigureFiles.CsvOf(curve)), FigureCsv.Of(curve));
        }

        File.WriteAllText(Path.Combine(folder, Page), ComparePage.Of(report, command));
    }

    /// <summary>The report as JSON.</summary>
    public static string Json(ComparisonReport report) => JsonSerializer.Serialize(report, SimulateJsonContext.Default.ComparisonReport);

    private static string Csv(ComparisonReport report)
    {
        var rows =
            from row in report.Rows
            from figure in row.Figures
            select Simulate.Csv.Line(
            [
                row.Technique,
                row.Mode,
                row.Label,
                figure.Name,
                figure.Unit,
                Simulate.Csv.Number(figure.Measured),
                Simulate.Csv.Number(figure.StandardError),
                Simulate.Csv.Number(figure.Law),
                figure.Formula ?? "",
                figure.Agrees switch { true => "yes", false => "no", null => "" },
                figure.Explanation ?? "",
            ]);
        return string.Concat([Simulate.Csv.Line(Columns), .. rows]);
    }
}
