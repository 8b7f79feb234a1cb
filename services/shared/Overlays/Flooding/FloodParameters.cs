namespace P2PCloud.Overlays.Flooding;

/// <summary>Bounds of flooding, the same in every protocol that floods.</summary>
public sealed record FloodParameters
{
    /// <summary>TTL of a query at its origin. Gnutella 0.4 suggests 7.</summary>
    public int Ttl { get; init; } = 7;

    /// <summary>
    /// Largest TTL + Hops that is accepted; a message above it is dropped. Gnutella 0.6 asks to accept 1 to 7 at least; the margin
    /// allows networks with other settings, and keeps the nesting of a report's hops below the 64 levels that JSON readers take.
    /// </summary>
    public int TtlMax { get; init; } = 24;

    /// <summary>How long a descriptor is remembered (customary for Gnutella servents: 10 minutes at least).</summary>
    public TimeSpan SeenAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many descriptors are remembered.</summary>
    public int SeenMax { get; init; } = 50_000;

    /// <summary>Postings in one hit message at most.</summary>
    public int HitsPerNodeMax { get; init; } = 100;

    /// <summary>Postings that the origin collects at most.</summary>
    public int HitsMax { get; init; } = 10_000;

    /// <summary>Queries a second that a node takes from each neighbour; what is above is dropped.</summary>
    public double QueriesPerSecond { get; init; } = 1_000;

    /// <summary>Queries that a neighbour may send at once after a pause.</summary>
    public int QueryBurst { get; init; } = 2_000;

    /// <summary>
    /// Time for one step of a flood. A query of TTL t may take t + 1 steps, so that a failure further down is reported before the
    /// call that waits for the report gives up.
    /// </summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
