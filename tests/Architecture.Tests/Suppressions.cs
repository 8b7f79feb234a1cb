using System.Text.RegularExpressions;

namespace P2PCloud.Architecture.Tests;

/// <summary>Ways to silence the compiler or a test.</summary>
internal static partial class Suppressions
{
    /// <summary>Suppressed warnings and skipped tests.</summary>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Lines.Index()
        where Silencing().IsMatch(line.Item)
        select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

    // Written so that the pattern does not match its own source.
    [GeneratedRegex(@"#\s*pragma\s+warning\s+disable|[S]uppressMessage|\b[S]kip\s*=[^=]")]
    private static partial Regex Silencing();
}
