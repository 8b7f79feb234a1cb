using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>A time full of faults, drawn from the seed.</summary>
internal sealed class SearchStorm
{
    private static readonly double[] Gaps = [1, 4, 12];
    private static readonly TimeSpan DownMax = TimeSpan.FromSeconds(60);

    private readonly SearchCloud _cloud;
    private readonly SearchWorkload _workload;
    private readonly IRandom _random;
    private readonly Scenario _scenario;
    private readonly NetworkFaults? _network;
    private readonly Tally _injected = new();
    private readonly SortedDictionary<(bool IsServer, int Number), IReadOnlyCollection<Contracts.SharedFile>> _down = [];
    private readonly List<(string Name, int Weight, Action Inject)> _faults = [];
    private TimeSpan _end;

    public SearchStorm(Scenario scenario, SearchCloud cloud, SearchWorkload workload, FindingLog log, IRandom random)
    {
        _scenario = scenario;
        _cloud = cloud;
        _workload = workload;
        _random = random;
        _faults.Add(("join", 6, Join));
        _faults.Add(("leave", 6, Leave));
        if (scenario.Kind is ScenarioKind.Calm)
        {
            return;
        }

        _faults.Add(("crash", 4, () => Crash(1, restart: false)));
        _faults.Add(("crash and restart", 4, () => Crash(1, restart: true)));
        _faults.Add(("crash of many", 1, () => Crash(2 + _random.NextBelow(Math.Max(1, _cloud.PeerCount / 4)), _random.NextBelow(2) == 0)));
        _faults.Add(("outage of the central node", 1, StopCentral));
        if (cloud.ServersWanted > 0)
        {
            _faults.Add(("crash of a server", 2, CrashServer));
        }

        if (cloud.ServersLeave)
        {
            _faults.Add(("leave of a server", 1, ReplaceServer));
        }

        if (scenario.Kind is ScenarioKind.Faulty)
        {
            _network = new NetworkFaults(cloud, log, random, _injected, Draw);
            _faults.AddRange(_network.All());
        }
    }

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyDictionary<string, int> Injected => _injected.Counts;

    /// <summary>Faults at random times until an end.</summary>
    public void Begin(TimeSpan end)
    {
        _end = end;
        Next(TimeSpan.FromSeconds(Gaps[_random.NextBelow(Gaps.Length)]));
    }

    /// <summary>Ends all faults that last, and starts again who was to come back.</summary>
    public void Calm()
    {
        _network?.End();
        _cloud.Network.Resume(_cloud.Central);
        foreach (var key in _down.Keys.ToList())
        {
            Restart(key);
        }
    }

    /// <summary>A new peer with its files.</summary>
    public void StartPeer() => _workload.Equip(_cloud.StartNew(isServer: false));

    private void Next(TimeSpan gap) => _cloud.Timeline.After(gap * 2 * _random.NextUnit(), () =>
    {
        if (_cloud.Timeline.Now < _end)
        {
            var chance = _random.NextBelow(_faults.Sum(fault => fault.Weight));
            _faults.First(fault => (chance -= fault.Weight) < 0).Inject();
            Next(gap);
        }
    });

    private void Join()
    {
        if (_cloud.PeerCount + _down.Count < _scenario.Nodes * 5 / 4)
        {
            StartPeer();
            _injected.Add("join");
        }
    }

    private void Leave()
    {
        var peers = _cloud.Peers.Where(peer => !peer.IsLeaving).ToList();
        if (_cloud.PeerCount > _scenario.Nodes * 3 / 4 && peers.Count > 0)
        {
            _injected.Add("leave");
            Leave(peers[_random.NextBelow(peers.Count)]);
        }
    }

    private void Leave(SearchPeer node)
    {
        node.IsLeaving = true;
        _workload.Ended(node);
        _cloud.Network.Post(node.Name, new LeaveCommand(), _ => _cloud.Timeline.After(TimeSpan.Zero, () =>
        {
            if (_cloud.Runs(node))
            {
                _cloud.Kill(node);
            }
        }));
    }

    private void Crash(int count, bool restart)
    {
        var peers = _random.Sample(_cloud.Peers.Where(peer => !peer.IsLeaving), count);
        peers.RemoveRange(0, Math.Clamp((_scenario.Nodes / 2) - (_cloud.PeerCount - peers.Count), 0, peers.Count));
        if (peers.Count == 0)
        {
            return;
        }

        _injected.Add(peers.Count > 1 ? "crash of many" : restart ? "crash and restart" : "crash");
        peers.ForEach(peer => Crash(peer, restart));
    }

    private void Crash(SearchPeer node, bool restart)
    {
        _workload.Ended(node);
        _cloud.Kill(node);
        if (!restart)
        {
            return;
        }

        var key = (node.IsServer, node.Number);
        _down[key] = _random.NextBelow(2) == 0 ? [.. node.Files] : [];
        _cloud.Timeline.After(DownMax * _random.NextUnit() * _random.NextUnit(), () => Restart(key));
    }

    private void Restart((bool IsServer, int Number) key)
    {
        if (!_down.Remove(key, out var files) || _cloud.Runs(key.IsServer, key.Number))
        {
            return;
        }

        var node = _cloud.Start(key.IsServer, key.Number);
        if (!node.IsServer)
        {
            _workload.Equip(node, files);
        }
    }

    /// <summary>One server at least goes on where there are several.</summary>
    private void CrashServer()
    {
        if (DrawServer() is { } server)
        {
            _injected.Add("crash of a server");
            Crash(server, restart: true);
        }
    }

    private void ReplaceServer()
    {
        if (DrawServer() is { } server)
        {
            _injected.Add("leave of a server");
            Leave(server);
            _cloud.StartNew(isServer: true);
        }
    }

    private SearchPeer? DrawServer()
    {
        var servers = _cloud.Servers.Where(server => !server.IsLeaving).ToList();
        return servers.Count == 0 || (servers.Count == 1 && _cloud.ServersLeave) ? null : servers[_random.NextBelow(servers.Count)];
    }

    /// <summary>Longest outage of the central node: so short that no lease ends.</summary>
    public static TimeSpan OutageMax => SearchCloud.Lease / 4;

    private void StopCentral()
    {
        _injected.Add($"outage of {_cloud.CentralTitle}");
        _cloud.Network.Pause(_cloud.Central);
        _cloud.Timeline.After(OutageMax * _random.NextUnit(), () => _cloud.Network.Resume(_cloud.Central));
    }

    private ScenarioNode? Draw()
    {
        var nodes = _cloud.Nodes.Where(node => !node.IsLeaving && node.Name != _cloud.Central).ToList();
        return nodes.Count == 0 ? null : nodes[_random.NextBelow(nodes.Count)];
    }
}
