using System.Text;

namespace P2PCloud.Gateway.Files;

/// <summary>Refuses early the names that every peer refuses: those that could reach outside a folder, or that no folder can hold.</summary>
internal static class FileNameRules
{
    private const int BytesMax = 1024;
    private const int SegmentBytesMax = 255;

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? ProblemOf(string? given)
    {
        var name = given?.Replace('\\', '/').Trim() ?? "";
        return name switch
        {
            "" => "A file name is needed: the parameter 'name'.",
            _ when name.Any(char.IsControl) => "A file name has no control characters.",
            _ when name[0] is '/' || (name.Length > 1 && name[1] is ':') => "A file name is relative: no slash or drive at its start.",
            _ when Encoding.UTF8.GetByteCount(name) > BytesMax => $"A file name has at most {BytesMax} bytes.",
            _ => name.Split('/').Select(ProblemOfSegment).FirstOrDefault(problem => problem is not null),
        };
    }

    private static string? ProblemOfSegment(string segment) => segment switch
    {
        "" => "A file name has no empty parts between slashes.",
        "." or ".." => "A file name has no '.' or '..' parts.",
        _ when Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax => $"A part of a file name has at most {SegmentBytesMax} bytes.",
        _ => null,
    };
}
