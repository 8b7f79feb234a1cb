using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>Settings of group leaders and their children. The published figures are of measurements (Liang, Kumar, Ross 2004).</summary>
public sealed record KazaaParameters
{
    /// <summary>Children of a leader at most; beyond, it names other leaders. Observed: 100 to 150.</summary>
    public int ChildrenMax { get; init; } = 100;

    /// <summary>Links that a leader keeps up with other leaders. Observed: 30 to 50.</summary>
    public int Degree { get; init; } = 30;

    /// <summary>TTL of a query among leaders. As Gnutella's; 2 to 3 reach all in most networks.</summary>
    public int Ttl { get; init; } = 7;

    /// <summary>How long a child's files stay in its leader's index without a heartbeat.</summary>
    public TimeSpan ChildLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Leaders that a child remembers, and that a leader names. Observed: 200.</summary>
    public int LeadersMax { get; init; } = 200;

    /// <summary>Leaders that a child asks of BOOT.</summary>
    public int Contacts { get; init; } = 8;

    /// <summary>Leaders that a child tries before it asks BOOT again.</summary>
    public int TriedMax { get; init; } = 64;

    /// <summary>How long a child's call may take; a search takes as long as the flood that it starts.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// First delay before a child without a leader asks BOOT again; it doubles up to <see cref="RetryMax"/>; 50 % jitter.
    /// </summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a child without a leader asks BOOT again.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A child whose leader died looks for another after a uniform time up to this, so that not all come at once.</summary>
    public TimeSpan ReattachJitter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Files of one child in a leader's index.</summary>
    public int FilesPerChildMax { get; init; } = 100_000;

    /// <summary>Upload of a child's files.</summary>
    public RemoteShareParameters Share { get; init; } = new();

    /// <summary>Bounds of floods among leaders; the TTL is <see cref="Ttl"/>.</summary>
    public FloodParameters Flood { get; init; } = new();

    /// <summary>Times and bounds of links among leaders; the degree is <see cref="Degree"/>.</summary>
    public NeighbourhoodParameters Links { get; init; } = new() { Contacts = 30, TryMax = 30 };
}
