namespace P2PCloud.Simulation.Chord;

/// <summary>What a <see cref="ChordExperiment"/> measured; the keys of its JSON in this order, camelCase.</summary>
/// <param name="Nodes">Peers.</param>
/// <param name="Lookups">Lookups that were begun.</param>
/// <param name="Forwards">Remote forwards to the key's predecessor: the paper's path length.</param>
/// <param name="Hops">Remote steps until the owner has answered.</param>
/// <param name="Timeouts">Contacts that did not answer on the way to the key's predecessor: the paper's count.</param>
/// <param name="Failures">Lookups without the right owner at their end.</param>
/// <param name="Messages">Requests and replies delivered, maintenance included.</param>
/// <param name="Entries">Distinct routing entries of a node: fingers, successors, predecessor, cached owners.</param>
/// <param name="KeysPerNode">Keys that a peer owns.</param>
/// <param name="Events">Inputs given to engines.</param>
/// <param name="WallSeconds">Real time.</param>
/// <param name="PeakRssMB">Peak resident memory of the process, in MiB.</param>
/// <param name="Seed">To repeat it.</param>
/// <param name="EventLogHash">Of every event with its time: equal for equal runs.</param>
public sealed record ChordReport(
    int Nodes,
    int Lookups,
    Distribution Forwards,
    Distribution Hops,
    Mean Timeouts,
    int Failures,
    long Messages,
    Mean Entries,
    Load KeysPerNode,
    long Events,
    double WallSeconds,
    double PeakRssMB,
    ulong Seed,
    string EventLogHash)
{
    /// <summary>Lookups that ended with n forwards, by n: for the distribution figure. Not part of the JSON.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<int> ForwardsHistogram { get; init; } = [];
}

/// <summary>Mean and percentiles.</summary>
public sealed record Distribution(double Mean, double P1, double P50, double P99);

/// <summary>A mean.</summary>
/// <param name="Value">Written as <c>mean</c>.</param>
public sealed record Mean([property: System.Text.Json.Serialization.JsonPropertyName("mean")] double Value);

/// <summary>Percentiles and maximum.</summary>
public sealed record Load(double P1, double P50, double P99, double Max);
