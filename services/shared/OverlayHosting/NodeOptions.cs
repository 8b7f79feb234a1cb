using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.OverlayHosting;

/// <summary>Section <c>Node</c>: who this process is among the nodes.</summary>
public sealed class NodeOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Node";

    /// <summary>App-id: lower-case letters, digits and hyphens, at most 58 characters, so that a sidecar's Service can carry it.</summary>
    [Required, RegularExpression("^[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$")]
    public string? App { get; set; }

    /// <summary>Base address that other nodes use in direct invocation; by default the first address the server listens on.</summary>
    [Url]
    public string? Endpoint { get; set; }

    /// <summary>How long a stopping node may take to leave its overlays gracefully.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan LeaveDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a node that has left its overlays goes on answering, within <see cref="LeaveDeadline"/>: callers that do not know yet that it has left are
    /// sent to another one, and no connection is closed under a request. Longer than a gateway's <c>MembershipRefresh</c> to be of use; zero where nobody waits.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTime { get; set; }

    /// <summary>Mean time between two readings of the state that metrics show.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SampleInterval { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Checks <see cref="NodeOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class NodeOptionsValidator : IValidateOptions<NodeOptions>;
