using System.Formats.Tar;

namespace P2PCloud.Peer.Sharing;

/// <summary>Tells files from what only looks like one in a folder: a named pipe or a device, which blocks whoever opens it.</summary>
public static class RegularFiles
{
    /// <summary>Whether the path is a regular file, or a symbolic link to one; true also when only its opening could tell.</summary>
    public static bool Contains(string path)
    {
        try
        {
            // The system gives pipes, sockets and devices the length 0, so only what seems empty needs a closer look.
            return new FileInfo(Resolve(path)) is { Exists: true } file && (file.Length > 0 || IsRegular(file.FullName));
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>An entry of a tar archive has the type of the file, and is made of a pipe without opening it.</summary>
    private static bool IsRegular(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(path, "file");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile;
    }
}
