using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>What an experiment means for the nodes and the network.</summary>
internal static class ExperimentSettings
{
    /// <summary>Mean of the exponential packet delay (ToN 2003, section VI-A).</summary>
    public static TimeSpan MeanLatency { get; } = TimeSpan.FromMilliseconds(50);

    private const int PaperSuccessors = 20;
    private const int IdsRemembered = 10_000_000;

    /// <summary>Parameters of every node.</summary>
    public static ChordParameters ParametersOf(ChordExperiment experiment, RingSpace space)
    {
        var defaults = new ChordParameters();
        var faults = experiment.Fail > 0 || experiment.Churn > 0;
        var isPaper = experiment.Base == 2 && experiment.Routing is Routing.Fingers;
        var successors = experiment.Successors ?? (faults ? PaperSuccessors : defaults.SuccessorListLength);
        var parameters = defaults with
        {
            FingerBase = experiment.Base,
            Routing = experiment.Routing,
            SuccessorListLength = successors,
            Replication = Math.Min(defaults.Replication, successors),
            OwnerCacheSize = experiment.LocationCache ?? (isPaper ? 0 : defaults.OwnerCacheSize),
            RoutesBySuccessors = !isPaper || faults || experiment.Successors > 1,
            GuessesOwners = !isPaper && experiment.Fail == 0,
            Repairs = experiment.Churn > 0,
            IdOf = space.RememberingIdOf(IdsRemembered),
        };
        if (!faults)
        {
            // No node is slow or dead: an answer that takes long is on its way.
            return parameters with { CallTimeout = TimeSpan.FromSeconds(60), HedgeDelay = TimeSpan.FromSeconds(60), LookupTry = TimeSpan.FromSeconds(60) };
        }

        parameters = parameters with { CallTimeout = TimeSpan.FromMilliseconds(500), HedgeDelay = TimeSpan.FromMilliseconds(500) };
        return experiment.Churn > 0
            ? parameters with
            {
                // U[15, 45] s, each with one other entry (section VI-E).
                StabilizeMin = TimeSpan.FromSeconds(30),
                StabilizeMax = TimeSpan.FromSeconds(30),
                StabilizeJitter = 0.5,
                RingCheckInterval = TimeSpan.FromMinutes(5),
            }
            : parameters with { LookupTry = TimeSpan.FromMinutes(10), LookupDeadline = TimeSpan.FromMinutes(10) };
    }

    /// <summary>See <see cref="ChordSimulation.Check"/>.</summary>
    public static string? Check(ChordExperiment experiment)
    {
        const int NodesMax = 1_000_000;
        const int FullMax = 10_000;
        long nodes = (long)experiment.Nodes * experiment.VirtualNodes;
        return experiment.Nodes is < 1 or > NodesMax ? $"--nodes is 1 to {NodesMax}, not {experiment.Nodes}"
            : experiment.VirtualNodes is < 1 or > 64 ? $"--virtual-nodes is 1 to 64, not {experiment.VirtualNodes}"
            : nodes > NodesMax ? $"--nodes times --virtual-nodes is at most {NodesMax}, not {nodes}"
            : experiment.Base is < 2 or > 256 || !int.IsPow2(experiment.Base) ? $"--base is a power of two from 2 to 256, not {experiment.Base}"
            : experiment.Routing is Routing.Full && nodes > FullMax ? $"--routing full is for at most {FullMax} nodes: each keeps a table of all"
            : experiment.Successors is < 1 or > 64 ? $"--successors is 1 to 64, not {experiment.Successors}"
            : experiment.Lookups is < 0 or > 100_000_000 ? $"--lookups is 0 to 100000000, not {experiment.Lookups}"
            : experiment.Keys is < 0 or > 100_000_000 ? $"--keys is 0 to 100000000, not {experiment.Keys}"
            : experiment.Fail is not (>= 0 and <= 0.9) ? $"--fail is 0 to 0.9, the share of peers that fail, not {experiment.Fail}"
            : experiment.Churn is not (>= 0 and <= 100) ? $"--churn is 0 to 100 joins and as many leaves per second, not {experiment.Churn}"
            : experiment.Churn > 0 && experiment.Fail > 0 ? "--fail and --churn are two experiments: give one of them"
            : experiment.Churn > 0 && experiment.Nodes < 8 ? "--churn needs at least 8 nodes"
            : experiment.Hours is not null && experiment.Churn == 0 ? "--hours is for --churn"
            : experiment.Hours is not (null or (> 0 and <= 1000)) ? $"--hours is above 0 and at most 1000, not {experiment.Hours}"
            : null;
    }
}
