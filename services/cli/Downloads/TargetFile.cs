using System.Net.Http.Headers;

namespace P2PCloud.Cli.Downloads;

/// <summary>A file that appears under its name only when it is complete: until then the bytes are in a temporary file beside it.</summary>
internal sealed class TargetFile : IAsyncDisposable
{
    private const int NameBytesMax = 255;
    private readonly string _path;
    private readonly string _part;
    private readonly bool _overwrite;

    private TargetFile(string path, bool overwrite)
    {
        _path = path;
        _overwrite = overwrite;
        _part = Path.Combine(Path.GetDirectoryName(path)!, $".p2pcloud-{Path.GetRandomFileName()}.part");
        Bytes = new FileStream(_part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
    }

    /// <summary>The temporary file.</summary>
    public FileStream Bytes { get; }

    /// <summary>The full path for <paramref name="given"/>: a folder gets <paramref name="name"/> in it, no path means the working folder.</summary>
    public static string PathFor(string? given, string name) =>
        Path.GetFullPath(given is null ? name : Directory.Exists(given) ? Path.Combine(given, name) : given);

    /// <summary>The last part of the name that the gateway gives, made safe as a file name; else the content id.</summary>
    public static string NameOf(ContentDispositionHeaderValue? disposition, string contentId)
    {
        var shared = disposition?.FileNameStar ?? disposition?.FileName?.Trim('"') ?? "";
        var name = shared[(shared.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var usable = name is not ("" or "." or "..")
            && System.Text.Encoding.UTF8.GetByteCount(name) <= NameBytesMax
            && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && !name.Any(char.IsControl);
        return usable ? name : contentId;
    }

    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static TargetFile Open(string path, bool overwrite) => new(path, overwrite);

    /// <summary>Gives the complete file its name.</summary>
    /// <exception cref="IOException">The name is taken, or the disk is full.</exception>
    public async Task KeepAsync()
    {
        await Bytes.DisposeAsync();
        File.Move(_part, _path, _overwrite);
    }

    /// <summary>Removes what was not kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await Bytes.DisposeAsync();
        File.Delete(_part);
    }
}
