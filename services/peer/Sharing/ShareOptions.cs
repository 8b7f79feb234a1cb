using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.Peer.Sharing;

/// <summary>Section <c>Share</c>: the files of this peer.</summary>
public sealed class ShareOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Share";

    /// <summary>Folder whose files are shared, with all folders below it; null for none. Nothing is ever written to it.</summary>
    public string? Folder { get; set; }

    /// <summary>When not empty, only these files of the folder are shared: relative names with forward slashes.</summary>
    public IList<string> Only { get; } = [];

    /// <summary>Folder for uploaded files, which are shared too; null for a temporary one that ends with the process.</summary>
    public string? Uploads { get; set; }

    /// <summary>Largest upload in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long UploadBytesMax { get; set; } = 1L << 30;

    /// <summary>Most files that are shared; further ones are skipped with a warning.</summary>
    [Range(1, 10_000_000)]
    public int FilesMax { get; set; } = 100_000;
}

/// <summary>Checks <see cref="ShareOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class ShareOptionsValidator : IValidateOptions<ShareOptions>;
