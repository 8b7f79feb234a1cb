using System.Text;

namespace P2PCloud.Peer.Sharing;

/// <summary>Names of shared files: relative paths with forward slashes.</summary>
internal static class FileNames
{
    /// <summary>Longest name, in UTF-8 bytes.</summary>
    public const int BytesMax = 1024;

    /// <summary>Longest part between slashes, in UTF-8 bytes.</summary>
    public const int SegmentBytesMax = 255;

    /// <summary>Normalises a name that somebody gave, so that it stays inside whatever folder it is put in.</summary>
    /// <returns>The name, or null and what is wrong with it.</returns>
    public static string? Normalise(string? given, out string? problem)
    {
        var name = given?.Replace('\\', '/').Trim() ?? "";
        problem = name switch
        {
            "" => "A file name is needed.",
            _ when Encoding.UTF8.GetByteCount(name) > BytesMax => $"A file name has at most {BytesMax} bytes.",
            _ when name.Any(char.IsControl) => "A file name has no control characters.",
            _ when name[0] is '/' || (name.Length > 1 && name[1] is ':') => "A file name is relative: it does not begin with a slash or a drive.",
            _ => name.Split('/').Select(ProblemOf).FirstOrDefault(found => found is not null),
        };
        return problem is null ? name : null;
    }

    private static string? ProblemOf(string segment) => segment switch
    {
        "" => "A file name has no empty parts between slashes.",
        "." or ".." => "A file name has no '.' or '..' parts.",
        _ when Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax => $"A part of a file name has at most {SegmentBytesMax} bytes.",
        _ => null,
    };
}
