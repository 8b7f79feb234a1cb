namespace P2PCloud.Architecture.Tests;

/// <summary>A text file of the repository. <paramref name="Path"/>: relative to the root, with forward slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');
}

/// <summary>The repository that these tests are part of, without what .gitignore leaves out.</summary>
internal static class SourceTree
{
    private const int ProbeBytes = 8000;

    public static string Root { get; } = FindRoot();

    private static readonly HashSet<string> Ignored =
    [
        ".git",
        .. System.IO.File.ReadLines(Path.Combine(Root, ".gitignore")).Where(line => line.EndsWith('/')).Select(line => line.Trim('/')),
    ];

    /// <summary>All text files, ordered by path.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(Root).Where(IsText).Select(Read).OrderBy(file => file.Path, StringComparer.Ordinal)];

    public static IReadOnlyList<SourceFile> ProductCode { get; } = [.. Files.Where(file => IsCode(file) && file.Path.StartsWith("services/", StringComparison.Ordinal))];

    public static IReadOnlyList<SourceFile> AllCode { get; } = [.. Files.Where(IsCode)];

    public static IReadOnlyList<SourceFile> Projects { get; } = [.. Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))];

    public static SourceFile File(string path) => Files.Single(file => file.Path == path);

    private static bool IsCode(SourceFile file) => file.Path.EndsWith(".cs", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "P2PCloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No folder above the tests has P2PCloud.sln: run them from a working copy of the repository.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null || Ignored.Contains(entry.Name))
            {
                continue;
            }

            foreach (var path in entry is FileInfo ? [entry.FullName] : Walk(entry.FullName))
            {
                yield return path;
            }
        }
    }

    private static bool IsText(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        Span<byte> probe = stackalloc byte[ProbeBytes];
        return !probe[..stream.Read(probe)].Contains((byte)0);
    }

    private static SourceFile Read(string path) => new(
        Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/'),
        System.IO.File.ReadAllText(path).ReplaceLineEndings("\n"));
}
