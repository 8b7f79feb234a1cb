using System.Text.Json.Serialization;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Searches;

/// <summary>What a <see cref="LookupExperiment"/> measured. Its JSON has the keys of <see cref="ChordReport"/> and some more, camelCase.</summary>
/// <param name="Technique">As in the experiment.</param>
/// <param name="Mode">As in the experiment, in the words of the REST interface.</param>
/// <param name="Nodes">Peers.</param>
/// <param name="Lookups">Searches for a file that a living peer has.</param>
/// <param name="Forwards">Remote steps to the node before the one that knows of a holder.</param>
/// <param name="Hops">Remote steps to the first node that knows of a holder.</param>
/// <param name="Timeouts">Contacts that did not answer.</param>
/// <param name="Failures">Searches that found no living holder.</param>
/// <param name="Messages">Requests and replies delivered in all, upkeep included.</param>
/// <param name="Entries">Routing entries of a peer.</param>
/// <param name="KeysPerNode">Postings that a node holds for others, servers included.</param>
/// <param name="Events">Inputs given to engines.</param>
/// <param name="WallSeconds">Real time.</param>
/// <param name="PeakRssMB">Peak resident memory of the process, in MiB.</param>
/// <param name="Seed">To repeat it.</param>
/// <param name="EventLogHash">Of every event with its time: equal for equal runs.</param>
/// <param name="Recall">Share of a file's living holders that a search found.</param>
/// <param name="Bytes">JSON bodies of the lookup messages of a search.</param>
/// <param name="LookupMessages">Lookup messages of a search, as the laws count them: acknowledgements are none.</param>
/// <param name="LatencyMs">Until the answer was complete; each message takes 50 ms.</param>
/// <param name="Upkeep">What the overlay sends while nobody searches.</param>
public sealed record LookupReport(
    string Technique,
    string Mode,
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
    string EventLogHash,
    Mean Recall,
    LookupBytes Bytes,
    Distribution LookupMessages,
    Distribution LatencyMs,
    Upkeep Upkeep)
{
    /// <summary>Beside what the law says. Not part of the JSON.</summary>
    [JsonIgnore]
    public LookupLaws Laws { get; init; } = new();
}

/// <summary>Bytes of a search.</summary>
/// <param name="Mean">Of its messages.</param>
/// <param name="Acknowledgements">Of their acknowledgements, which in a flood carry the report of the branch below.</param>
public sealed record LookupBytes(double Mean, double Acknowledgements);

/// <summary>Traffic of an idle overlay, each node's share, servers included.</summary>
/// <param name="MessagesPerNodeSecond">Requests and replies that a node sends.</param>
/// <param name="BytesPerNodeSecond">Their JSON bodies.</param>
public sealed record Upkeep(double MessagesPerNodeSecond, double BytesPerNodeSecond);

/// <summary>Measured values of searches with what the law says of the same ones.</summary>
public sealed class LookupLaws
{
    /// <summary>Directory or group leaders.</summary>
    public int Servers { get; init; }

    /// <summary>2E / N among servents, or among group leaders; 0 elsewhere.</summary>
    public double MeanDegree { get; init; }

    /// <summary>Lookup messages.</summary>
    public LawSamples Messages { get; } = new();

    /// <summary>Remote steps.</summary>
    public LawSamples Hops { get; } = new();

    /// <summary>Share of living holders found.</summary>
    public LawSamples Recall { get; } = new();

    /// <summary>1 when a living holder was found, else 0.</summary>
    public LawSamples Success { get; } = new();
}

/// <summary>Measured and predicted values, search by search.</summary>
public sealed class LawSamples
{
    /// <summary>What happened.</summary>
    public Samples Measured { get; } = new();

    /// <summary>What the law says, where it says anything.</summary>
    public Samples Predicted { get; } = new();

    /// <summary>Adds a search.</summary>
    public void Add(double measured, double? predicted)
    {
        Measured.Add(measured);
        if (predicted is { } value)
        {
            Predicted.Add(value);
        }
    }
}
