using System.Diagnostics;
using System.Globalization;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Searches;

/// <summary>Counts the searches of an experiment.</summary>
internal sealed class SearchTally(OverlayCloud cloud, Upkeep upkeep)
{
    private readonly Samples _forwards = new();
    private readonly Samples _timeouts = new();
    private readonly Samples _latency = new();
    private readonly LookupLaws _laws = new() { Servers = cloud.Servers, MeanDegree = cloud.Graph?.MeanDegree ?? 0 };
    private int _failures;

    /// <summary>Searches that have ended, or were left out.</summary>
    public int Count { get; private set; }

    /// <summary>Nobody alive had the file, or everybody.</summary>
    public void Skip() => Count++;

    /// <summary>A search has ended.</summary>
    /// <param name="result">Its answer.</param>
    /// <param name="latency">Virtual time from the question.</param>
    /// <param name="holders">Living peers that had the file all the time, at least one.</param>
    /// <param name="law">What the law says.</param>
    public void Add(SearchResult result, TimeSpan latency, IReadOnlyCollection<string> holders, Expectation law)
    {
        Count++;
        var found = result.Postings.Select(posting => posting.Peer).Where(holders.Contains).Distinct(StringComparer.Ordinal).ToList();
        _laws.Recall.Add((double)found.Count / holders.Count, law.Recall);
        _laws.Success.Add(found.Count > 0 ? 1 : 0, law.Success);
        _laws.Messages.Add(result.Messages, law.Messages);
        _latency.Add(latency.TotalMilliseconds);
        _timeouts.Add(HopTree.All(result.Hops).Count(hop => hop.Outcome is not null));
        if (found.Count == 0)
        {
            _failures++;
            return;
        }

        if (found.Select(holder => cloud.HopsTo(holder, result)).Min() is { } hops)
        {
            _forwards.Add(hops - 1);
            _laws.Hops.Add(hops, law.Hops);
        }
    }

    /// <summary>What was measured.</summary>
    public LookupReport Report(TimeSpan wall)
    {
        using var process = Process.GetCurrentProcess();
        var experiment = cloud.Experiment;
        var index = new Samples();
        foreach (var postings in cloud.Index)
        {
            index.Add(postings);
        }

        var searches = Math.Max(1, _laws.Messages.Measured.Count);
        return new LookupReport(
            experiment.Technique,
            LookupModes.WordOf(experiment.Technique, experiment.Mode),
            experiment.Nodes,
            _laws.Messages.Measured.Count,
            _forwards.Distribution(),
            _laws.Hops.Measured.Distribution(),
            new Mean(_timeouts.Mean),
            _failures,
            cloud.Network.MessagesDelivered,
            new Mean(cloud.Entries.Count == 0 ? 0 : cloud.Entries.Average()),
            new Load(index.Percentile(0.01), index.Percentile(0.5), index.Percentile(0.99), index.Max),
            cloud.Network.EventsHandled,
            wall.TotalSeconds,
            Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            experiment.Seed,
            cloud.Network.EventLogHash.ToString("x16", CultureInfo.InvariantCulture),
            new Mean(_laws.Recall.Measured.Mean),
            new LookupBytes((double)cloud.Traffic.LookupBytes / searches, (double)cloud.Traffic.AcknowledgementBytes / searches),
            _laws.Messages.Measured.Distribution(),
            _latency.Distribution(),
            upkeep)
        {
            Laws = _laws,
        };
    }
}
