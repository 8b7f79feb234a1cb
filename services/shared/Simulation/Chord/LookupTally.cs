using System.Diagnostics;
using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Chord;

/// <summary>Counts the lookups of an experiment.</summary>
internal sealed class LookupTally
{
    private readonly List<int> _forwards = [];
    private readonly List<int> _hops = [];
    private readonly List<int> _timeouts = [];
    private int _failures;

    /// <summary>Lookups that have ended.</summary>
    public int Count { get; private set; }

    /// <summary>A lookup has ended.</summary>
    public void Add(OwnerFound found, bool right)
    {
        Count++;
        if (!right)
        {
            _failures++;
            return;
        }

        var hops = found.Path.Count(hop => hop is { Outcome: null, Local: false });
        var last = found.Path.LastOrDefault(hop => hop.Outcome is null);
        _hops.Add(hops);
        _forwards.Add(last is { Local: false } ? hops - 1 : hops);
        _timeouts.Add(OnTheWay(found.Path));
    }

    /// <summary>Contacts that failed on the way to the key's predecessor, which is what the paper counts; not those between it and the owner.</summary>
    private static int OnTheWay(IReadOnlyList<Hop> path)
    {
        var end = path.Count - 1;
        while (end >= 0 && path[end].Outcome is not null)
        {
            end--;
        }

        var count = 0;
        for (var i = 0; i < end; i++)
        {
            count += path[i].Outcome is not null && path[i].From != path[end].From ? 1 : 0;
        }

        return count;
    }

    /// <summary>What was measured.</summary>
    public ChordReport Report(ExperimentRing ring, TimeSpan wall)
    {
        using var process = Process.GetCurrentProcess();
        _hops.Sort();
        _forwards.Sort();
        var keys = KeysPerPeer(ring);
        return new ChordReport(
            ring.Experiment.Nodes,
            Count,
            Of(_forwards),
            Of(_hops),
            new Mean(Average(_timeouts)),
            _failures,
            ring.Network.MessagesDelivered,
            new Mean(ring.Nodes.Count == 0 ? 0 : ring.Nodes.Average(node => node.RoutingEntries())),
            new Load(Percentile(keys, 0.01), Percentile(keys, 0.5), Percentile(keys, 0.99), keys.Count == 0 ? 0 : keys[^1]),
            ring.Network.EventsHandled,
            wall.TotalSeconds,
            Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            ring.Experiment.Seed,
            ring.Network.EventLogHash.ToString("x16", CultureInfo.InvariantCulture))
        {
            ForwardsHistogram = Histogram(_forwards),
        };
    }

    private static List<int> KeysPerPeer(ExperimentRing ring)
    {
        if (ring.Experiment.Keys == 0)
        {
            return [];
        }

        var counts = ring.Members.Select(member => member.Node.App).Distinct().ToDictionary(app => app, _ => 0, StringComparer.Ordinal);
        var apps = ring.Members.ToDictionary(member => member.Id, member => member.Node.App);
        var random = new SplitMix64(ring.Experiment.Seed ^ 0x6b657973UL);
        for (var i = 0; i < ring.Experiment.Keys; i++)
        {
            counts[apps[ring.OwnerOf(ExperimentRing.RandomId(random))]]++;
        }

        return [.. counts.Values.Order()];
    }

    private static Distribution Of(List<int> sorted) =>
        new(Average(sorted), Percentile(sorted, 0.01), Percentile(sorted, 0.5), Percentile(sorted, 0.99));

    private static int[] Histogram(List<int> sorted)
    {
        var counts = new int[sorted.Count == 0 ? 0 : sorted[^1] + 1];
        sorted.ForEach(value => counts[value]++);
        return counts;
    }

    private static double Average(List<int> values) => values.Count == 0 ? 0 : values.Average();

    private static double Percentile(List<int> sorted, double share) => sorted.Count == 0 ? 0 : NearestRank.Of(sorted, share);
}
