using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>What <c>p2pcloud simulate chord</c> simulates: lookups of random keys from random nodes on a ring that has settled.</summary>
public sealed record ChordExperiment
{
    /// <summary>N: peers, 1 to 1,000,000.</summary>
    public int Nodes { get; init; } = 1024;

    /// <summary>V: virtual nodes of a peer.</summary>
    public int VirtualNodes { get; init; } = 1;

    /// <summary>b of the finger table; 2 is the paper's.</summary>
    public int Base { get; init; } = new ChordParameters().FingerBase;

    /// <summary>How lookups find their way.</summary>
    public Routing Routing { get; init; } = Routing.Fingers;

    /// <summary>r; null: 8, and 20 with <see cref="Fail"/> or <see cref="Churn"/>, as in ToN 2003, sections VI-D and VI-E.</summary>
    public int? Successors { get; init; }

    /// <summary>Owners that a node remembers; null: the default, and 0 with base 2, the paper's.</summary>
    public int? LocationCache { get; init; }

    /// <summary>Lookups in all.</summary>
    public int Lookups { get; init; } = 10_000;

    /// <summary>Keys hashed to the ring, for the load figures; 0: none.</summary>
    public int Keys { get; init; }

    /// <summary>Each peer fails with this probability at once, and nothing is repaired (ToN 2003, section VI-D); 0 to 0.9.</summary>
    public double Fail { get; init; }

    /// <summary>R: joins per second and, as many, leaves per second, Poisson (ToN 2003, section VI-E).</summary>
    public double Churn { get; init; }

    /// <summary>Simulated hours of churn, one lookup a second on average; <see cref="Lookups"/> is not used then. Null: as long as they take.</summary>
    public double? Hours { get; init; }

    /// <summary>Everything random follows from it.</summary>
    public ulong Seed { get; init; } = 1;
}
