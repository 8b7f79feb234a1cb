using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>
/// Searches for files by one technique: what <c>p2pcloud simulate napster|gnutella|kazaa</c> simulates, and each row of a comparison.
/// Peers join through BOOT (Chord's are placed in their ideal ring), share their files, and look for those of others.
/// </summary>
public sealed record LookupExperiment
{
    /// <summary>One of <see cref="Techniques"/>.</summary>
    public string Technique { get; init; } = Techniques.Napster;

    /// <summary>One of the technique's modes.</summary>
    public LookupMode Mode { get; init; }

    /// <summary>N: ordinary peers, 2 to 100,000. Directory, group leaders and BOOT come on top.</summary>
    public int Nodes { get; init; } = 1024;

    /// <summary>Searches in all; each for one file, from a peer that does not have it.</summary>
    public int Lookups { get; init; } = 1000;

    /// <summary>F: different files.</summary>
    public int Files { get; init; } = 1000;

    /// <summary>R: peers that share each file.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>Words of a query, 1 or 2: two words are two keys of the Chord ring.</summary>
    public int Words { get; init; } = 1;

    /// <summary>Which files are asked for.</summary>
    public Popularity Popularity { get; init; } = Popularity.Uniform;

    /// <summary>TTL of floods; null: the technique's default.</summary>
    public int? Ttl { get; init; }

    /// <summary>Links that a servent or a group leader keeps up; null: 4 for Gnutella, the square root of the number of leaders for KaZaA.</summary>
    public int? Degree { get; init; }

    /// <summary>S: group leaders of KaZaA; null: one for 32 peers.</summary>
    public int? Leaders { get; init; }

    /// <summary>b of Chord's finger tables.</summary>
    public int Base { get; init; } = new ChordParameters().FingerBase;

    /// <summary>How Chord's lookups find their way.</summary>
    public Routing Routing { get; init; } = Routing.Fingers;

    /// <summary>Each peer and each group leader fails with this probability at once, just before the lookups; 0 to 0.9.</summary>
    public double Fail { get; init; }

    /// <summary>R: joins per second and, as many, leaves per second, each Poisson.</summary>
    public double Churn { get; init; }

    /// <summary>Simulated hours of churn, one search a second on average; <see cref="Lookups"/> is not used then. Null: as long as they take.</summary>
    public double? Hours { get; init; }

    /// <summary>How long the traffic of the idle overlay is observed before the searches; zero: not at all.</summary>
    public TimeSpan Observed { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything random follows from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is wrong with it, in one line for people; null when nothing is.</summary>
    public string? Check()
    {
        const int NodesMax = 100_000;
        const int FullMax = 5_000;
        return !Techniques.All.Contains(Technique) ? $"'{Technique}' is not a technique"
            : Nodes is < 2 or > NodesMax ? $"--nodes is 2 to {NodesMax}, not {Nodes}"
            : Lookups is < 0 or > 10_000_000 ? $"--lookups is 0 to 10000000, not {Lookups}"
            : Files is < 1 or > 1_000_000 ? $"--keys is 1 to 1000000 files, not {Files}"
            : Replicas < 1 || Replicas > Nodes / 2 ? $"--replicas is 1 to half the nodes, not {Replicas}"
            : Words is < 1 or > 2 ? $"a query has 1 or 2 words, not {Words}"
            : Ttl is < 1 or > 24 ? $"--ttl is 1 to 24, not {Ttl}"
            : Degree is < 1 or > 200 ? $"--degree is 1 to 200, not {Degree}"
            : Leaders < 1 || Leaders > Nodes ? $"--leaders is 1 to the number of nodes, not {Leaders}"
            : Base is < 2 or > 256 || !int.IsPow2(Base) ? $"--base is a power of two from 2 to 256, not {Base}"
            : Routing is Routing.Full && Nodes > FullMax ? $"--routing full is for at most {FullMax} nodes here: each keeps a table of all"
            : Fail is not (>= 0 and <= 0.9) ? $"--fail is 0 to 0.9, the share of peers that fail, not {Fail}"
            : Churn is not (>= 0 and <= 100) ? $"--churn is 0 to 100 joins and as many leaves per second, not {Churn}"
            : Churn > 0 && Fail > 0 ? "--fail and --churn are two experiments: give one of them"
            : Churn > 0 && Nodes < 8 ? "--churn needs at least 8 nodes"
            : Hours is not null && Churn == 0 ? "--hours is for --churn"
            : Hours is not (null or (> 0 and <= 1000)) ? $"--hours is above 0 and at most 1000, not {Hours}"
            : null;
    }
}
