using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>
/// Searches while peers join and leave, each a Poisson process, and one search a second, Poisson too. Who leaves gives its files to the
/// next that joins. A search is to find those who had the file from its begin to its end.
/// </summary>
internal sealed class SearchChurn(OverlayCloud cloud, Corpus corpus, SearchTally tally, SplitMix64 random)
{
    private const double SearchesPerSecond = 1;

    private readonly Queue<IReadOnlyList<int>> _files = new();

    /// <summary>Runs for the hours, or until the searches, that the experiment says.</summary>
    public void Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var network = cloud.Network;
        var experiment = cloud.Experiment;
        var start = network.Now;
        var end = start + TimeSpan.FromSeconds(experiment.Hours * 3600 ?? experiment.Lookups / SearchesPerSecond);
        var ranks = experiment.Popularity.Ranks(experiment.Files, random);
        var search = Next(start, SearchesPerSecond);
        var join = Next(start, experiment.Churn);
        var leave = Next(start, experiment.Churn);
        cloud.Traffic.Reset();
        var begun = 0;
        for (var time = Min(search, join, leave); time < end; time = Min(search, join, leave))
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.Run(time - network.Now);
            if (time == join)
            {
                Join();
                join = Next(time, experiment.Churn);
            }
            else if (time == leave)
            {
                Leave();
                leave = Next(time, experiment.Churn);
            }
            else
            {
                begun++;
                Search(ranks());
                search = Next(time, SearchesPerSecond);
                progress?.Report(0.3 + (0.7 * ((time - start) / (end - start))));
            }
        }

        network.RunUntil(() => tally.Count >= begun, TimeSpan.FromMinutes(5));
    }

    private static DateTimeOffset Min(params ReadOnlySpan<DateTimeOffset> times)
    {
        var least = times[0];
        foreach (var time in times)
        {
            least = time < least ? time : least;
        }

        return least;
    }

    private DateTimeOffset Next(DateTimeOffset now, double rate) => now + TimeSpan.FromSeconds(-Math.Log(1 - random.NextUnit()) / rate);

    private void Join()
    {
        var peer = cloud.StartPeer();
        if (_files.TryDequeue(out var files))
        {
            cloud.Share(peer, corpus.Files(files), () =>
            {
                if (cloud.Peers.Contains(peer))
                {
                    foreach (var file in files)
                    {
                        corpus.Give(peer, file);
                    }
                }
                else
                {
                    _files.Enqueue(files);
                }
            });
        }
    }

    private void Leave()
    {
        if (cloud.Peers.Count > cloud.Experiment.Nodes / 2)
        {
            var peer = cloud.Peers[random.NextBelow(cloud.Peers.Count)];
            _files.Enqueue(corpus.Take(peer));
            cloud.Leave(peer);
        }
    }

    private void Search(int file)
    {
        var before = corpus.HoldersOf(file).Order(StringComparer.Ordinal).ToList();
        if (LookupSimulation.Origin(cloud, corpus, file, random) is not { } origin || before.Count == 0)
        {
            tally.Skip();
            return;
        }

        var start = cloud.Network.Now;
        cloud.Search(origin, Corpus.QueryOf(file, cloud.Experiment.Words), result =>
        {
            var holders = before.Where(corpus.HoldersOf(file).Contains).ToList();
            if (holders.Count == 0)
            {
                tally.Skip();
            }
            else
            {
                tally.Add(result, cloud.Network.Now - start, holders, default);
            }
        });
    }
}
