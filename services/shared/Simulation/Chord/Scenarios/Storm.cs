using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>A time full of faults, drawn from the seed; each waits until it is legal, or is left out.</summary>
internal sealed class Storm
{
    private static readonly double[] Gaps = [1, 4, 12];

    private readonly SimulatedRing _ring;
    private readonly RingWatch _watch;
    private readonly KeyHistory _history;
    private readonly FindingLog _log;
    private readonly IRandom _random;
    private readonly Scenario _scenario;
    private readonly NetworkFaults? _network;
    private readonly Tally _injected = new();
    private readonly List<int> _down = [];
    private readonly List<(string Name, int Weight, Action Inject)> _faults = [];
    private TimeSpan _end;

    public Storm(Scenario scenario, SimulatedRing ring, RingWatch watch, KeyHistory history, FindingLog log, IRandom random)
    {
        _scenario = scenario;
        _ring = ring;
        _watch = watch;
        _history = history;
        _log = log;
        _random = random;
        _faults.Add(("join", 6, Join));
        _faults.Add(("leave", 6, Leave));
        if (scenario.Kind is not ScenarioKind.Calm)
        {
            _faults.Add(("crash", 4, () => Crash(1, restart: false)));
            _faults.Add(("crash and restart", 4, () => Crash(1, restart: true)));
            _faults.Add(("crash of many", 1, () => Crash(2 + _random.NextBelow(Math.Max(1, _ring.Count / 4)), _random.NextBelow(2) == 0)));
            _faults.Add(("outage of BOOT", 1, () => StopBoot(Setup.Lease / 4)));
        }

        if (scenario.Kind is ScenarioKind.Faulty or ScenarioKind.Byzantine)
        {
            _network = new NetworkFaults(ring, log, random, _injected, Draw);
            _faults.AddRange(scenario.Kind is ScenarioKind.Faulty
                ? _network.All()
                : [("wrong successors", 4, new WrongSuccessors(ring, _network, random, Draw).Inject)]);
        }
    }

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyDictionary<string, int> Injected => _injected.Counts;

    /// <summary>Faults at random times until an end.</summary>
    public void Begin(TimeSpan end)
    {
        _end = end;
        var gap = TimeSpan.FromSeconds(Gaps[_random.NextBelow(Gaps.Length)]);
        Next(gap);
    }

    /// <summary>Ends all faults that last, and starts again who was to come back.</summary>
    public void Calm()
    {
        _network?.End();
        _ring.Network.Resume(SimulatedRing.Boot);
        foreach (var number in _down)
        {
            Restart(number);
        }

        _down.Clear();
    }

    private void Next(TimeSpan gap) => _ring.Timeline.After(gap * 2 * _random.NextUnit(), () =>
    {
        if (_ring.Timeline.Now < _end)
        {
            var chance = _random.NextBelow(_faults.Sum(fault => fault.Weight));
            _faults.First(fault => (chance -= fault.Weight) < 0).Inject();
            Next(gap);
        }
    });

    private void Join()
    {
        if (_ring.Count + _down.Count < _scenario.Nodes * 5 / 4)
        {
            _ring.StartNew();
            _injected.Add("join");
        }
    }

    private void Leave()
    {
        var peer = Draw();
        if (peer is null || _ring.Count <= _scenario.Nodes * 3 / 4 || !IsAllowed([peer]))
        {
            return;
        }

        peer.IsLeaving = true;
        _injected.Add("leave");
        _ring.Network.Post(peer.Name, new LeaveCommand(), _ => _ring.Timeline.After(TimeSpan.Zero, () =>
        {
            if (_ring.Runs(peer))
            {
                _watch.Crash([peer], eraseDisk: true);
            }
        }));
    }

    private void Crash(int count, bool restart)
    {
        var peers = _random.Sample(_ring.Peers.Where(peer => !peer.IsLeaving), count);
        while (peers.Count > 0 && (_ring.Count - peers.Count < _scenario.Nodes / 2 || !IsAllowed(peers)))
        {
            peers.RemoveAt(peers.Count - 1);
        }

        if (peers.Count == 0)
        {
            return;
        }

        var keepsDisk = restart && _random.NextBelow(2) == 0;
        _watch.Crash(peers, eraseDisk: !keepsDisk);
        _injected.Add((peers.Count, restart, keepsDisk) switch
        {
            ( > 1, _, _) => "crash of many",
            (_, false, _) => "crash",
            (_, _, true) => "crash and restart with state",
            _ => "crash and restart without state",
        });
        foreach (var peer in restart ? peers : [])
        {
            _down.Add(peer.Number);
            _ring.Timeline.After(TimeSpan.FromSeconds(60) * _random.NextUnit() * _random.NextUnit(), () =>
            {
                if (_down.Remove(peer.Number))
                {
                    Restart(peer.Number);
                }
            });
        }
    }

    private void Restart(int number)
    {
        if (!_ring.Runs(number))
        {
            _ring.Start(number);
        }
    }

    private void StopBoot(TimeSpan most)
    {
        _injected.Add("outage of BOOT");
        _ring.Network.Pause(SimulatedRing.Boot);
        _ring.Timeline.After(most * _random.NextUnit(), () => _ring.Network.Resume(SimulatedRing.Boot));
    }

    /// <summary>Legal; or, where the scenario does not ask for it, noted. Nobody ever takes the last copy of an acknowledged write along.</summary>
    private bool IsAllowed(List<SimulatedPeer> peers)
    {
        if (_watch.LastCopies(peers, _history) is not null)
        {
            return false;
        }

        var reason = _watch.WhyIllegal(peers);
        if (reason is not null && _scenario.Kind is ScenarioKind.Faulty && _random.NextBelow(4) == 0)
        {
            _log.Assume($"failure though {reason}");
            return true;
        }

        return reason is null;
    }

    private SimulatedPeer? Draw()
    {
        var peers = _ring.Peers.Where(peer => peer.IsMember && !peer.IsLeaving).ToList();
        return peers.Count == 0 ? null : peers[_random.NextBelow(peers.Count)];
    }
}
