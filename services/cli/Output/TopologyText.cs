using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Output;

/// <summary>The topology as text.</summary>
internal static class TopologyText
{
    private const string None = "-";

    /// <summary>Peers, then the ring in the order of the ids, then group leaders, then who did not answer.</summary>
    public static void Write(CliConsole console, Topology topology)
    {
        WritePeers(console, topology.Peers);
        WriteRing(console, topology.Peers);
        WriteLeaders(console, topology.Leaders);
        if (topology.Unreachable.Count > 0)
        {
            console.Out.WriteLine();
            console.Note($"no answer from {string.Join(", ", topology.Unreachable)}");
        }
    }

    private static void WritePeers(CliConsole console, IReadOnlyList<PeerState> peers)
    {
        var table = new TextTable("peer", "ready", "files", "leader", "gnutella links", "endpoint");
        foreach (var peer in peers)
        {
            var ready = peer.Ready ? "yes" : $"no: {string.Join("; ", peer.Pending)}";
            table.Add(peer.Peer, ready, $"{peer.Files}", peer.Leader ?? None, List(peer.GnutellaLinks), peer.Endpoint ?? None);
        }

        table.WriteTo(console);
    }

    private static void WriteRing(CliConsole console, IReadOnlyList<PeerState> peers)
    {
        var table = new TextTable("ring id", "node", "joined", "predecessor", "successors", "fingers", "keys", "replicas");
        foreach (var node in peers.SelectMany(peer => peer.VirtualNodes).OrderBy(node => node.Id, StringComparer.Ordinal))
        {
            table.Add(
                node.Id,
                node.Name,
                node.Joined ? "yes" : "no",
                node.Predecessor?.Name ?? None,
                List(node.Successors.Select(successor => successor.Name)),
                List(node.Fingers.Select(finger => finger.Name)),
                $"{node.Keys}",
                $"{node.Replicas}");
        }

        console.Out.WriteLine();
        table.WriteTo(console);
    }

    private static void WriteLeaders(CliConsole console, IReadOnlyList<LeaderState> leaders)
    {
        var table = new TextTable("group leader", "ready", "files", "links", "children", "endpoint");
        foreach (var leader in leaders)
        {
            var ready = leader.Ready ? "yes" : "no";
            table.Add(leader.Leader, ready, $"{leader.Files}", List(leader.Links), List(leader.Children), leader.Endpoint ?? None);
        }

        console.Out.WriteLine();
        table.WriteTo(console);
    }

    private static string List(IEnumerable<string> items) => string.Join(',', items) is { Length: > 0 } text ? text : None;
}
