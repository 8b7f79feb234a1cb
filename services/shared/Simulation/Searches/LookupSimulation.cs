using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>Runs one experiment, as <see cref="LookupSimulation.Run"/> does.</summary>
public delegate LookupReport LookupRunner(LookupExperiment experiment, IProgress<double>? progress, CancellationToken cancellationToken);

/// <summary>Runs a <see cref="LookupExperiment"/> with the engines that run behind HTTP.</summary>
public static class LookupSimulation
{
    private static readonly TimeSpan ShareLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(5);

    /// <summary>With failures all searches begin within this time: before the overlays repair themselves.</summary>
    private static readonly TimeSpan Unrepaired = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    /// <param name="experiment">Checked by <see cref="LookupExperiment.Check"/>.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="ArgumentException">What the check says.</exception>
    /// <exception cref="TimeoutException">The overlay did not form, or a search did not end.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LookupReport Run(
        LookupExperiment experiment, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Check() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(experiment));
        }

        var started = TimeProvider.System.GetTimestamp();
        var random = new SplitMix64(experiment.Seed);
        var cloud = OverlayCloud.Of(experiment, random);
        var corpus = Prepare(cloud, random, cancellationToken);
        progress?.Report(0.2);
        var upkeep = Observe(cloud);
        progress?.Report(0.3);
        var tally = new SearchTally(cloud, upkeep);
        if (experiment.Churn > 0)
        {
            new SearchChurn(cloud, corpus, tally, random).Run(progress, cancellationToken);
        }
        else
        {
            Search(cloud, corpus, tally, random, progress, cancellationToken);
        }

        return tally.Report(TimeProvider.System.GetElapsedTime(started));
    }

    private static Corpus Prepare(OverlayCloud cloud, SplitMix64 random, CancellationToken cancellationToken)
    {
        cloud.Form(cancellationToken);
        var experiment = cloud.Experiment;
        var corpus = new Corpus(experiment.Files, experiment.Replicas, cloud.Peers, random);
        var waiting = 0;
        foreach (var peer in cloud.Peers.Where(peer => corpus.FilesOf(peer).Count > 0))
        {
            waiting++;
            cloud.Share(peer, corpus.FilesOf(peer), () => waiting--);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!cloud.Network.RunUntil(() => waiting == 0, ShareLimit))
        {
            throw new TimeoutException($"{waiting} peers could not share their files.");
        }

        cloud.BecomeReady(cancellationToken);
        cloud.Network.Run(Settling);
        return corpus;
    }

    private static Upkeep Observe(OverlayCloud cloud)
    {
        var observed = cloud.Experiment.Observed;
        cloud.Traffic.Reset();
        cloud.Network.Run(observed);
        var nodeSeconds = observed.TotalSeconds * (cloud.Peers.Count + cloud.Servers);
        var upkeep = observed > TimeSpan.Zero
            ? new Upkeep(cloud.Traffic.UpkeepMessages / nodeSeconds, cloud.Traffic.UpkeepBytes / nodeSeconds)
            : new Upkeep(0, 0);
        cloud.Observe();
        return upkeep;
    }

    private static void Search(
        OverlayCloud cloud, Corpus corpus, SearchTally tally, SplitMix64 random, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var experiment = cloud.Experiment;
        var ranks = experiment.Popularity.Ranks(experiment.Files, random);
        if (experiment.Fail > 0)
        {
            cloud.Fail(experiment.Fail, random);
        }

        var living = cloud.Peers.ToHashSet(StringComparer.Ordinal);
        var spacing = experiment.Fail > 0 ? Unrepaired / Math.Max(1, experiment.Lookups) : Spacing;
        cloud.Traffic.Reset();
        var waiting = 0;
        for (var i = 0; i < experiment.Lookups; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = ranks();
            var holders = corpus.HoldersOf(file).Where(living.Contains).Order(StringComparer.Ordinal).ToList();
            if (Origin(cloud, corpus, file, random) is not { } origin || holders.Count == 0)
            {
                tally.Skip();
                continue;
            }

            waiting++;
            var law = cloud.Expect(origin, holders);
            var start = cloud.Network.Now;
            cloud.Search(origin, Corpus.QueryOf(file, experiment.Words), result =>
            {
                waiting--;
                tally.Add(result, cloud.Network.Now - start, holders, law);
            });
            cloud.Network.Run(spacing);
            progress?.Report(0.3 + (0.6 * i / experiment.Lookups));
        }

        if (!cloud.Network.RunUntil(() => waiting == 0, AnswerLimit))
        {
            throw new TimeoutException($"{waiting} searches have not ended.");
        }
    }

    /// <summary>A peer that does not have the file; null when there is none.</summary>
    internal static string? Origin(OverlayCloud cloud, Corpus corpus, int file, SplitMix64 random)
    {
        const int TriesMax = 100;
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var peer = cloud.Peers[random.NextBelow(cloud.Peers.Count)];
            if (!corpus.HoldersOf(file).Contains(peer))
            {
                return peer;
            }
        }

        return null;
    }
}
