using System.Text.RegularExpressions;

namespace P2PCloud.Architecture.Tests;

/// <summary>Length of files and of methods, read from the text: the formatter guarantees the indentation that this relies on.</summary>
internal static partial class Sizes
{
    public const int FileLinesMax = 300;
    public const int MethodLinesMax = 70;
    private const int Indentation = 4;
    private const int DepthMax = 4;

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Lines.Count > FileLinesMax).Select(file => $"{file.Path}: {file.Lines.Count} lines");

    /// <summary>Members and blocks that are too long; types and tables of data are left aside. A block inside a long method is in a long method anyway.</summary>
    public static IEnumerable<string> LongMethods(IEnumerable<SourceFile> files) =>
        from file in files
        from depth in Enumerable.Range(1, DepthMax)
        from member in Members(file.Lines, depth * Indentation)
        where member.Length > MethodLinesMax
        group member by file into found
        let longest = found.MinBy(member => member.Start)
        select $"{found.Key.Path}:{longest.Start + 1}: {longest.Length} lines";

    private static IEnumerable<(int Start, int Length)> Members(IReadOnlyList<string> lines, int indent)
    {
        int? start = null;
        for (var index = 0; index <= lines.Count; index++)
        {
            if (index < lines.Count && !Ends(lines[index], indent) && !Begins(lines[index], indent))
            {
                continue;
            }

            if (start is { } first && !NotCode().IsMatch(lines[first]))
            {
                yield return (first, LastLine(lines, first, index) - first + 1);
            }

            start = index < lines.Count && Begins(lines[index], indent) ? index : null;
        }
    }

    private static int LastLine(IReadOnlyList<string> lines, int first, int end)
    {
        var last = end - 1;
        while (last > first && (lines[last].Trim() is var text && (text is "" || text.StartsWith("//", StringComparison.Ordinal) || text[0] is '[')))
        {
            last--;
        }

        return last;
    }

    private static bool Begins(string line, int indent) =>
        IndentOf(line) == indent && line[indent] is not ('{' or '}' or ')' or '[' or '/' or '#');

    private static bool Ends(string line, int indent) => IndentOf(line) is >= 0 and var found && found < indent;

    private static int IndentOf(string line) => line.Length - line.TrimStart().Length is var indent && indent < line.Length ? indent : -1;

    /// <summary>A type, or a field or property with a table of data.</summary>
    [GeneratedRegex(@"^\s*([a-z]+\s+)*(class|record|struct|interface|enum)\s|^\s*(public|internal|protected|private)\b[^(]*[^=!<>]=($|[^=>])")]
    private static partial Regex NotCode();
}
