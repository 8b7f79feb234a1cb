using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.Peer.Keys;

/// <summary>Section <c>Keys</c>: where this peer keeps its keys.</summary>
public sealed class KeyOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Keys";

    /// <summary>
    /// Folder for a database of keys and a file of contacts, both named after the app-id, made when it is not there; null: keys and contacts
    /// are kept in memory and end with the process.
    /// </summary>
    [MinLength(1)]
    public string? DataDirectory { get; set; }
}

/// <summary>Checks <see cref="KeyOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
