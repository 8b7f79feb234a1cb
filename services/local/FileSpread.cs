using System.IO.Enumeration;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Local;

/// <summary>Which peer shares which files of a folder: each file at one peer, every fifth at a second one.</summary>
internal sealed class FileSpread
{
    private const int SecondCopyEvery = 5;

    private readonly List<string>[] _byPeer;

    private FileSpread(List<string>[] byPeer, int files, int linksSkipped, int othersSkipped)
    {
        _byPeer = byPeer;
        Files = files;
        LinksSkipped = linksSkipped;
        OthersSkipped = othersSkipped;
    }

    /// <summary>Number of files found.</summary>
    public int Files { get; }

    /// <summary>Symbolic links that were not followed.</summary>
    public int LinksSkipped { get; }

    /// <summary>Pipes, sockets and devices: no bytes to share.</summary>
    public int OthersSkipped { get; }

    /// <summary>Relative names of the files of a peer.</summary>
    public IReadOnlyList<string> Of(int peer) => _byPeer[peer];

    /// <summary>Spreads the files of a folder, and of all folders below it, over peers; null for no folder.</summary>
    public static FileSpread Over(string? folder, int peers)
    {
        List<string>[] byPeer = [.. Enumerable.Range(0, peers).Select(_ => new List<string>())];
        if (folder is null)
        {
            return new FileSpread(byPeer, 0, 0, 0);
        }

        var links = 0;
        var files = new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => Path.GetRelativePath(folder, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                links += IsLink(ref entry) ? 1 : 0;
                return !entry.IsDirectory && !IsLink(ref entry);
            },
        }.Order(StringComparer.Ordinal).ToList();
        var others = files.RemoveAll(file => !RegularFiles.Contains(Path.Combine(folder, file)));
        for (var i = 0; i < files.Count; i++)
        {
            byPeer[i % peers].Add(files[i]);
            if (peers > 1 && i % SecondCopyEvery == 0)
            {
                byPeer[(i + 1 + (i / peers % (peers - 1))) % peers].Add(files[i]);
            }
        }

        return new FileSpread(byPeer, files.Count, links, others);
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
