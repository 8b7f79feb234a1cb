namespace P2PCloud.Overlays.Flooding;

/// <summary>Bounds and times of a node's links in an unstructured overlay.</summary>
public sealed record NeighbourhoodParameters
{
    /// <summary>Links that the node keeps up. Early Gnutella clients: 4.</summary>
    public int Degree { get; init; } = 4;

    /// <summary>Links up to which it accepts a node that has others already.</summary>
    public int DegreeMax => 2 * Degree;

    /// <summary>Links up to which it accepts a node that has none. Nobody has more.</summary>
    public int DegreeLimit => 3 * Degree;

    /// <summary>Time between two pings of a link; 20 % jitter.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a ping, a connect or a bye may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pings without an answer, one after the other, that end a link.</summary>
    public int MissesMax { get; init; } = 2;

    /// <summary>Time after the loss of a link until another is looked for; 50 % jitter.</summary>
    public TimeSpan RepairDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time between two links with random members beyond <see cref="Degree"/>, made by a node that has no more than that: islands, should
    /// there be any, grow together; 20 % jitter.
    /// </summary>
    public TimeSpan MergeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time between two questions to BOOT, by a node that has all its links, for a member that nobody around it has heard of: islands whose nodes
    /// all have their links grow together; 20 % jitter.
    /// </summary>
    public TimeSpan StrangerInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// First delay before a node asks BOOT again for somebody to join through; it doubles up to <see cref="JoinRetryMax"/>; 50 % jitter.
    /// </summary>
    public TimeSpan JoinRetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay before a node asks BOOT again.</summary>
    public TimeSpan JoinRetryMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Contacts asked of BOOT at a time.</summary>
    public int Contacts { get; init; } = 8;

    /// <summary>Nodes named to one that is refused.</summary>
    public int TryMax { get; init; } = 8;

    /// <summary>Nodes tried in one search for links.</summary>
    public int TriedMax { get; init; } = 64;

    /// <summary>Nodes remembered as alive, to repair links from; at least 1.</summary>
    public int KnownMax { get; init; } = 200;

    /// <summary>How long after its last sign of life a node is remembered.</summary>
    public TimeSpan KnownAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Nodes that a pong names at most, and that are taken from one.</summary>
    public int PongMax { get; init; } = 10;

    /// <summary>How long after its last sign of life a node is named in pongs.</summary>
    public TimeSpan PongAge { get; init; } = TimeSpan.FromMinutes(1);
}
