using P2PCloud.Local;

namespace P2PCloud.Cli.Sharing;

/// <summary>A file to share, and the name that it gets.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Relative to the folder that was named, with forward slashes.</param>
internal sealed record LocalFile(string Path, string Name);

/// <summary>The files under the paths that a person names.</summary>
internal sealed class FolderWalk
{
    /// <summary>Links inside folders that were left out: they may lead outside, or in circles.</summary>
    public int LinksSkipped { get; private set; }

    /// <summary>Pipes, sockets and devices inside folders that were left out: they have no end, or no bytes.</summary>
    public int OthersSkipped { get; private set; }

    /// <summary>Folders that could not be read.</summary>
    public List<Failure> Unreadable { get; } = [];

    /// <summary>Files by name in each folder, folders after the files beside them. A named path is followed even when it is a link.</summary>
    public IEnumerable<LocalFile> Files(IEnumerable<string> paths) =>
        paths.SelectMany(path => Directory.Exists(path) ? Under(path) : [new LocalFile(path, Path.GetFileName(Path.GetFullPath(path)))]);

    private IEnumerable<LocalFile> Under(string root)
    {
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            var entries = Entries(folder);
            foreach (var file in entries.OfType<FileInfo>())
            {
                var name = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                yield return new LocalFile(file.FullName, name);
            }

            foreach (var inner in entries.OfType<DirectoryInfo>().Reverse())
            {
                folders.Push(inner.FullName);
            }
        }
    }

    private List<FileSystemInfo> Entries(string folder)
    {
        try
        {
            var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
            OthersSkipped += entries.RemoveAll(entry => entry is FileInfo { LinkTarget: null } && !LocalFiles.IsRegular(entry.FullName));
            LinksSkipped += entries.RemoveAll(entry => entry.LinkTarget is not null);
            return entries;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Unreadable.Add(new Failure($"{folder}: {failure.Message}"));
            return [];
        }
    }
}
