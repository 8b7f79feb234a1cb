using P2PCloud.Contracts.Api;

namespace P2PCloud.Cluster.Tests;

/// <summary>Whether all members of a cloud have found each other, by what they say of themselves.</summary>
public static class Convergence
{
    /// <summary>What is missing; empty when every peer is ready, all virtual nodes are one ring, Gnutella is one graph, and each peer has a group leader.</summary>
    /// <param name="topology">As a gateway sees it.</param>
    /// <param name="peers">App-ids of the peers that there are.</param>
    /// <param name="supernodes">App-ids of the supernodes that there are; peers may lead as well.</param>
    public static IReadOnlyList<string> Missing(Topology topology, IReadOnlyCollection<string> peers, IReadOnlyCollection<string> supernodes)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var known = topology.Peers.Select(peer => peer.Peer).ToHashSet(StringComparer.Ordinal);
        var leaders = topology.Leaders.Select(leader => leader.Leader).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. topology.Unreachable.Select(app => $"{app} does not answer"),
            .. peers.Except(known).Concat(supernodes.Except(leaders)).Select(app => $"{app} is not known"),
            .. known.Except(peers).Select(app => $"{app} is still known"),
            .. topology.Peers.Where(peer => !peer.Ready).Select(peer => $"{peer.Peer}: {string.Join(", ", peer.Pending)}"),
            .. topology.Leaders.Where(leader => !leader.Ready).Select(leader => $"{leader.Leader} has no link with the other leaders"),
            .. topology.Peers.Where(peer => peer.Leader is null || !leaders.Contains(peer.Leader))
                .Where(peer => !leaders.Contains(peer.Peer)).Select(peer => $"{peer.Peer} has no group leader"),
            .. OfRing([.. topology.Peers.SelectMany(peer => peer.VirtualNodes).OrderBy(node => node.Id, StringComparer.Ordinal)]),
            .. OfGraph(topology.Peers),
        ];
    }

    /// <summary>On an ideal ring (Zave 2017) each node's first successor and predecessor are its neighbours in the order of ids.</summary>
    private static IEnumerable<string> OfRing(IReadOnlyList<VirtualNodeState> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var (before, node, after) = (nodes[(i + nodes.Count - 1) % nodes.Count], nodes[i], nodes[(i + 1) % nodes.Count]);
            var successor = node.Successors is [var first, ..] ? first.Name : "nobody";
            if (!node.Joined || node.Predecessor?.Name != before.Name || successor != after.Name)
            {
                yield return $"{node.Name} is between {node.Predecessor?.Name ?? "nobody"} and {successor}, not {before.Name} and {after.Name}";
            }
        }
    }

    private static IEnumerable<string> OfGraph(IReadOnlyList<PeerState> peers)
    {
        var links = peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks, StringComparer.Ordinal);
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(links.Keys.Take(1));
        while (next.TryDequeue(out var app))
        {
            if (links.TryGetValue(app, out var neighbours) && reached.Add(app))
            {
                foreach (var neighbour in neighbours)
                {
                    next.Enqueue(neighbour);
                }
            }
        }

        return links.Keys.Except(reached).Select(app => $"{app} is in another part of Gnutella");
    }
}
