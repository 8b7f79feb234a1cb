using System.Globalization;
using P2PCloud.Contracts.Api;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Local.Tests;

/// <summary>The nodes of a Chord ring in the order of their ids, as a test sees all of them at once.</summary>
internal sealed class Ring
{
    private readonly List<VirtualNodeState> _nodes;
    private readonly Dictionary<string, string> _peers;

    private Ring(IReadOnlyList<PeerState> peers)
    {
        _nodes = [.. peers.SelectMany(peer => peer.VirtualNodes).OrderBy(node => ValueOf(node.Id))];
        _peers = peers.SelectMany(peer => peer.VirtualNodes, (peer, node) => (peer.Peer, node.Id)).ToDictionary(entry => entry.Id, entry => entry.Peer);
    }

    /// <summary>True when every node knows the next node and the one before it.</summary>
    public bool IsIdeal => _nodes.Select((node, index) =>
        node.Successors is [var next, ..]
        && next.Id == _nodes[(index + 1) % _nodes.Count].Id
        && node.Predecessor?.Id == _nodes[(index + _nodes.Count - 1) % _nodes.Count].Id).All(holds => holds);

    /// <summary>The ring that the reachable peers say they form.</summary>
    public static Ring Of(Topology topology) => new(topology.Peers);

    /// <summary>Waits until exactly so many nodes form an ideal ring, or the caller gives up.</summary>
    public static async Task<Ring> WaitAsync(HttpClient http, int nodes, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        Ring ring;
        do
        {
            ring = Of(await http.TopologyAsync(cancellationToken));
        }
        while (!(ring._nodes.Count == nodes && ring.IsIdeal) && await timer.WaitForNextTickAsync(cancellationToken));
        return ring;
    }

    /// <summary>The peers that hold a key: the owner's, and those of the next nodes on distinct peers.</summary>
    public IReadOnlyList<string> HoldersOf(string key, int copies)
    {
        var id = new RingSpace(128).Hash(key).Value;
        var owner = _nodes.FindIndex(node => ValueOf(node.Id) >= id) is >= 0 and var index ? index : 0;
        return [.. _nodes.Skip(owner).Concat(_nodes.Take(owner)).Select(node => _peers[node.Id]).Distinct().Take(copies)];
    }

    private static UInt128 ValueOf(string id) => UInt128.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
