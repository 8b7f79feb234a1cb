using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Chord;

/// <summary>
/// Runs a <see cref="ChordExperiment"/>: lookups of uniformly random ids from random peers, by the engines that run behind HTTP, on a ring
/// that is placed in its ideal state. Without churn nothing is maintained, since nothing changes. Packet delay is exponential with a mean of 50 ms
/// and, with faults, a contact times out after 500 ms (ToN 2003, section VI).
/// </summary>
public static class ChordSimulation
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(1);
    private const int Chunk = 64;

    /// <summary>Runs it.</summary>
    /// <param name="experiment">Checked by <see cref="Check"/>.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="ArgumentException">What <see cref="Check"/> says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ChordReport Run(ChordExperiment experiment, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Check(experiment) is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(experiment));
        }

        var started = TimeProvider.System.GetTimestamp();
        var random = new SplitMix64(experiment.Seed);
        var ring = new ExperimentRing(experiment, random);
        var tally = new LookupTally();
        if (experiment.Churn > 0)
        {
            new ChurnRun(ring, tally, random).Run(progress, cancellationToken);
        }
        else
        {
            LookUp(ring, tally, random, progress, cancellationToken);
        }

        return tally.Report(ring, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>What is wrong with an experiment, in one line for people; null when nothing is.</summary>
    public static string? Check(ChordExperiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return ExperimentSettings.Check(experiment);
    }

    private static void LookUp(
        ExperimentRing ring, LookupTally tally, SplitMix64 random, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var network = ring.Network;
        network.Run(Spacing);
        var count = ring.Experiment.Lookups;
        for (var i = 0; i < count; i++)
        {
            var key = ExperimentRing.RandomId(random);
            var owner = ring.OwnerOf(key);
            network.Post(ring.RandomPeer(random), new LookUpCommand(key), found => tally.Add(found, right: found.Owner?.Id == owner));
            network.Run(Spacing);
            if (i % Chunk == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report((double)i / count);
            }
        }

        while (tally.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.Run(TimeSpan.FromSeconds(1));
        }
    }
}
