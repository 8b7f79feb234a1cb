using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Chord;

/// <summary>Faults that make nodes suspect each other wrongly. Each lasts for a while, and all end at <see cref="End"/>.</summary>
internal sealed class NetworkFaults(SimulatedRing ring, FindingLog log, IRandom random, Tally injected, Func<SimulatedPeer?> draw)
{
    private readonly NetworkModel _sound = ring.Network.Model;
    private readonly HashSet<SimulatedPeer> _paused = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>The faults of a kind of scenario, with their weights.</summary>
    public IEnumerable<(string Name, int Weight, Action Inject)> Of(ScenarioKind kind)
    {
        if (kind is ScenarioKind.Byzantine)
        {
            return [("wrong successors", 4, Lie)];
        }

        return
        [
            ("pause", 3, Pause),
            ("clock skew", 2, Skew),
            ("slow node", 2, Slow),
            ("loss", 2, () => Change("loss", model => model with { Loss = 0.2 * random.NextUnit() })),
            ("duplication", 2, () => Change("duplication", model => model with { Duplication = 0.2 * random.NextUnit() })),
            ("reordering", 2, () => Change("reordering", model => model with { Reordering = 0.3 * random.NextUnit(), ReorderingDelay = Seconds(2) })),
            ("one-way partition", 1, () => Cut(both: false)),
            ("two-way partition", 1, () => Cut(both: true)),
            ("long outage of BOOT", 1, StopBoot),
        ];
    }

    /// <summary>All is well again, except that consequences remain.</summary>
    public void End()
    {
        ring.Network.Model = _sound;
        ring.Network.Heal();
        foreach (var peer in _paused)
        {
            Resume(peer);
        }

        _paused.Clear();
        foreach (var name in _touched)
        {
            ring.Network.SetClockSkew(name, TimeSpan.Zero);
            ring.Network.SetSlowness(name, TimeSpan.Zero);
            ring.Network.SetTampering(name, null);
        }

        _touched.Clear();
    }

    private void Begin(string cause)
    {
        log.Assume(cause);
        injected.Add(cause);
    }

    private void Pause()
    {
        if (draw() is { } peer && _paused.Add(peer))
        {
            Begin("pause");
            peer.PausedUntil = TimeSpan.MaxValue;
            ring.Network.Pause(peer.Name);
            ring.Timeline.After(Seconds(30), () =>
            {
                if (_paused.Remove(peer))
                {
                    Resume(peer);
                }
            });
        }
    }

    private void Resume(SimulatedPeer peer)
    {
        if (ring.Runs(peer))
        {
            peer.PausedUntil = ring.Timeline.Now;
            ring.Network.Resume(peer.Name);
        }
    }

    private void Skew() => Touch("clock skew", name => ring.Network.SetClockSkew(name, Seconds(20) - TimeSpan.FromSeconds(10)));

    private void Slow() => Touch("slow node", name =>
    {
        ring.Network.SetSlowness(name, Seconds(2));
        ring.Timeline.After(Seconds(60), () => ring.Network.SetSlowness(name, TimeSpan.Zero));
    });

    private void Touch(string cause, Action<string> act)
    {
        if (draw() is { } peer)
        {
            Begin(cause);
            _touched.Add(peer.Name);
            act(peer.Name);
        }
    }

    private void Change(string cause, Func<NetworkModel, NetworkModel> change)
    {
        Begin(cause);
        ring.Network.Model = change(ring.Network.Model);
        ring.Timeline.After(Seconds(60), () => ring.Network.Model = _sound);
    }

    private void Cut(bool both)
    {
        Begin(both ? "two-way partition" : "one-way partition");
        List<string> names = [.. random.Sample(ring.Peers, ring.Count).Select(peer => peer.Name), SimulatedRing.Boot];
        var cut = 1 + random.NextBelow(names.Count - 1);
        HashSet<string> some = [.. names.Take(cut)];
        HashSet<string> others = [.. names.Skip(cut)];
        if (both)
        {
            ring.Network.Partition(some, others);
        }
        else
        {
            ring.Network.Cut(some, others);
        }

        ring.Timeline.After(Seconds(90), ring.Network.Heal);
    }

    private void StopBoot()
    {
        Begin("long outage of BOOT");
        ring.Network.Pause(SimulatedRing.Boot);
        ring.Timeline.After(Seconds(240), () => ring.Network.Resume(SimulatedRing.Boot));
    }

    /// <summary>Names other nodes than the right ones: half of them exist, half have an id that is not the hash of their name.</summary>
    private void Lie() => Touch("wrong successors", name => ring.Network.SetTampering(name, reply => reply switch
    {
        NextHopReply => new NextHopReply([.. Wrong().Select(contact => new NextHop(contact, LookupAim.Owner))]),
        StateReply state => state with { Predecessor = Wrong().FirstOrDefault(), Successors = Wrong() },
        NotifyReply => new NotifyReply(Wrong().FirstOrDefault()),
        _ => reply,
    }));

    private List<ChordContact> Wrong() => draw()?.Engine.Snapshot().Self is not { } existing ? []
        : random.NextBelow(2) == 0 ? [existing]
        : [existing with { Id = new NodeId(random.NextBits()) }];

    private TimeSpan Seconds(double most) => TimeSpan.FromSeconds(most * random.NextUnit());
}
