using P2PCloud.Peer.Sharing;

namespace P2PCloud.Local;

/// <summary>Files of this machine.</summary>
public static class LocalFiles
{
    /// <summary>Whether the path is a regular file, or a link to one: not a pipe or a device, which blocks whoever opens it.</summary>
    public static bool IsRegular(string path) => RegularFiles.Contains(path);
}
