using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Supernode;

/// <summary>Section <c>Supernode</c>.</summary>
public sealed class SupernodeOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Supernode";

    /// <summary>Children taken at most.</summary>
    [Range(1, 100_000)]
    public int ChildrenMax { get; set; } = new KazaaParameters().ChildrenMax;

    /// <summary>Links with other leaders.</summary>
    [Range(1, 1000)]
    public int Degree { get; set; } = new KazaaParameters().Degree;

    /// <summary>TTL of a query among leaders.</summary>
    [Range(1, 15)]
    public int Ttl { get; set; } = new KazaaParameters().Ttl;

    /// <summary>How long a child's files outlive its last heartbeat.</summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "01:00:00")]
    public TimeSpan ChildLease { get; set; } = new KazaaParameters().ChildLease;

    /// <summary>Folder for a file of contacts named after the app-id, made when it is not there; null: they end with the process.</summary>
    [MinLength(1)]
    public string? DataDirectory { get; set; }
}

/// <summary>Checks <see cref="SupernodeOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class SupernodeOptionsValidator : IValidateOptions<SupernodeOptions>;
