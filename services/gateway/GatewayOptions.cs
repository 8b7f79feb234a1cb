using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>Largest upload in bytes; a peer may accept less.</summary>
    [Range(1, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 1L << 30;

    /// <summary>Time between two questions to BOOT for the members, with 20 % jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan MembershipRefresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest such time while BOOT does not answer: it doubles with every failure.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan MembershipRefreshMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long after BOOT was down members that it does not name any more stay in use: their leases may have ended because nobody could
    /// renew them. A lease of BOOT; 0: not at all.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MembershipGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A request that names an unknown peer asks BOOT at once, unless it was asked within this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MembershipMissRefresh { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Time for BOOT to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan BootstrapTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for the directory to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan DirectoryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for an entry peer to answer a lookup.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan LookupTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time for an entry peer to answer about a key: longer than the ring's own deadline, so that its answer is known.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan KeyTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A peer that has not answered a lookup or about a key for this long is asked for its state: the wait ends when it does not answer that
    /// either, twice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan ProbeAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for a peer to say who provides a content, to begin to send it, or to stop sharing it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PeerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for a node to tell its state.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan StateTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A transfer in which no byte moves for this long is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Nodes asked for their state at the same time.</summary>
    [Range(1, 1000)]
    public int StateConcurrency { get; set; } = 16;

    /// <summary>Age up to which a topology is given out again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan TopologyAge { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Age up to which a topology decides readiness.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReadyAge { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A peer that did not answer is the last choice for this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SuspectAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Contents whose providers are remembered.</summary>
    [Range(0, 1_000_000)]
    public int ProviderCacheEntries { get; set; } = 1024;

    /// <summary>How long they are remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ProviderCacheAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Providers tried for one download, at most.</summary>
    [Range(1, 100)]
    public int ProviderAttempts { get; set; } = 8;
}

/// <summary>Checks <see cref="GatewayOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
