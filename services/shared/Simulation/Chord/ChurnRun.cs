using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Chord;

/// <summary>
/// Lookups while peers join and leave, each a Poisson process, and one lookup a second, Poisson too (ToN 2003, section VI-E). A lookup
/// is right when its owner was the key's first live member at its begin or at its end. One whose peer has left before it ended is not counted. At
/// least half of the peers stay.
/// </summary>
internal sealed class ChurnRun(ExperimentRing ring, LookupTally tally, SplitMix64 random)
{
    private const double LookupsPerSecond = 1;

    private readonly List<ChordNode> _joining = [];
    private readonly List<ChordNode> _leaving = [];
    private readonly List<string> _asking = [];
    private readonly List<ChordNode> _staying = [.. ring.Nodes.Where(node => node.Self.VirtualNode is 0)];

    /// <summary>Runs for the hours, or until the lookups, that the experiment says.</summary>
    public void Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var network = ring.Network;
        var start = network.Now;
        var seconds = ring.Experiment.Hours * 3600 ?? ring.Experiment.Lookups / LookupsPerSecond;
        var end = start + TimeSpan.FromSeconds(seconds);
        var lookup = Next(start, LookupsPerSecond);
        var join = Next(start, ring.Experiment.Churn);
        var leave = Next(start, ring.Experiment.Churn);
        while (true)
        {
            var time = new[] { lookup, join, leave }.Min();
            if (time >= end)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            network.Run(time - network.Now);
            Observe();
            if (time == join)
            {
                _joining.Add(ring.Join());
                join = Next(time, ring.Experiment.Churn);
            }
            else if (time == leave)
            {
                Leave();
                leave = Next(time, ring.Experiment.Churn);
            }
            else
            {
                LookUp();
                lookup = Next(time, LookupsPerSecond);
                progress?.Report((time - start) / (end - start));
            }
        }

        while (_asking.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.Run(TimeSpan.FromSeconds(1));
        }
    }

    private DateTimeOffset Next(DateTimeOffset now, double rate) => now + TimeSpan.FromSeconds(-Math.Log(1 - random.NextUnit()) / rate);

    private void Observe()
    {
        foreach (var node in _joining.Where(node => node.IsMember).ToList())
        {
            _joining.Remove(node);
            _staying.Add(node);
            ring.Joined(node);
        }

        foreach (var node in _leaving.Where(node => !node.IsMember).ToList())
        {
            _leaving.Remove(node);
            ring.Left(node);
        }
    }

    private void Leave()
    {
        if (_staying.Count <= ring.Experiment.Nodes / 2)
        {
            return;
        }

        var index = random.NextBelow(_staying.Count);
        var node = _staying[index];
        _staying.RemoveAt(index);
        _leaving.Add(node);
        ring.Leaving(node);
        ring.Network.Post(node.Self.Name, new LeaveCommand(), _ =>
        {
            Observe();
            ring.Network.Kill(node.Self.Name);
            _asking.RemoveAll(peer => peer == node.Self.Name);
        });
    }

    private void LookUp()
    {
        var key = ExperimentRing.RandomId(random);
        var before = ring.OwnerOf(key);
        var peer = ring.RandomPeer(random);
        _asking.Add(peer);
        ring.Network.Post(peer, new LookUpCommand(key), found =>
        {
            _asking.Remove(peer);
            Observe();
            tally.Add(found, right: found.Owner is { } owner && (owner.Id == before || owner.Id == ring.OwnerOf(key)));
        });
    }
}
