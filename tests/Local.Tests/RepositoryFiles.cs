namespace P2PCloud.Local.Tests;

/// <summary>Real files to share: a copy of this repository's sources, without what a build leaves there.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Kinds = [".cs", ".csproj", ".md", ".json", ".props", ".proto"];
    private static readonly string[] Built = ["bin", "obj", "artifacts", ".git"];

    public static string CopyTo(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "P2PCloud.sln")))
        {
            root = root.Parent!;
        }

        foreach (var file in root.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root.FullName, file.FullName);
            if (Kinds.Contains(file.Extension) && !name.Split(Path.DirectorySeparatorChar).Intersect(Built).Any())
            {
                var target = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target);
            }
        }

        return folder;
    }
}
