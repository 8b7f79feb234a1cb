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

    /// <summary>
    /// Longest time between two heartbeats of a child, whatever the lease is (a third of it if that is shorter): with two missed ones a
    /// dead leader is noticed within about 8 s.
    /// </summary>
    public TimeSpan HeartbeatMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Rows of a refresh list, of a leader and of a child. Observed: 200.</summary>
    public int LeadersMax { get; init; } = 200;

    /// <summary>Age beyond which a row of a refresh list is dropped.</summary>
    public TimeSpan RowAgeMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows in a heartbeat's answer, and in a ping between leaders; an answer to an attachment has the whole list.</summary>
    public int RowsExchanged { get; init; } = 20;

    /// <summary>Leaders that a child probes in parallel, to take the least loaded. Observed: 5.</summary>
    public int Probes { get; init; } = 5;

    /// <summary>How long a probe may take.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

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

    /// <summary>How long a search waits for the child to find another leader, when its leader died, before it fails.</summary>
    public TimeSpan SearchPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rounds without a leader that has room after which a child asks its own peer to lead.</summary>
    public int RoundsMax { get; init; } = 4;

    /// <summary>How long a leader that leaves waits for its children to attach elsewhere.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Promotion of this peer to a group leader; null when it must not lead.</summary>
    public PromotionParameters? Promotion { get; init; }

    /// <summary>Files of one child in a leader's index.</summary>
    public int FilesPerChildMax { get; init; } = 100_000;

    /// <summary>Upload of a child's files.</summary>
    public RemoteShareParameters Share { get; init; } = new();

    /// <summary>Bounds of floods among leaders; the TTL is <see cref="Ttl"/>.</summary>
    public FloodParameters Flood { get; init; } = new();

    /// <summary>Times and bounds of links among leaders; the degree is <see cref="Degree"/>.</summary>
    public NeighbourhoodParameters Links { get; init; } = new() { Contacts = 30, TryMax = 30 };
}
