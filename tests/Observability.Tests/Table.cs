namespace P2PCloud.Observability.Tests;

/// <summary>A table of observability/README.md between two marks: the cells of each row below its head, without the marks of code.</summary>
internal static class Table
{
    public static IReadOnlyList<IReadOnlyList<string>> Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Observability, "README.md"));
        var rows = lines.SkipWhile(line => line != $"<!-- {name} -->").TakeWhile(line => line != $"<!-- end of {name} -->");
        return [.. rows.Where(line => line.StartsWith('|')).Skip(2).Select(CellsOf)];
    }

    private static List<string> CellsOf(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Replace("`", "", StringComparison.Ordinal).Trim())];
}
