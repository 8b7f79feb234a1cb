using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

public sealed class RingTests
{
    private const int Peers = 64;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_peers_that_start_at_once_form_one_ring_one_graph_and_one_set_of_children()
    {
        await using var cloud = await LocalCloud.StartAsync(new LocalCloudOptions { Port = 0, Peers = Peers, VirtualNodes = 2 }, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit);
        using var http = new HttpClient { BaseAddress = cloud.Gateway };

        await Ring.WaitAsync(http, nodes: 2 * Peers, Limit);

        // A child that went to another leader is in the first one's list until its lease ends, and a leader that is not needed steps down.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        bound.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (FaultsOf(await http.TopologyAsync(Limit)) is { Count: > 0 } faults)
        {
            Assert.False(bound.IsCancellationRequested, string.Join('\n', faults));
            await timer.WaitForNextTickAsync(Limit);
        }
    }

    private static List<string> FaultsOf(Topology topology)
    {
        var links = topology.Peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks);
        var reached = Graphs.Reach(links, "peer-0", Peers).Count;
        var leading = topology.Leaders.SelectMany(leader => leader.Children).ToLookup(child => child);
        return
        [
            .. topology.Peers.Where(peer => leading[peer.Peer].Count() != 1).Select(peer => $"{peer.Peer} has {leading[peer.Peer].Count()} leaders"),
            .. topology.Leaders.Where(leader => leader.Children.Count == 0).Select(leader => $"{leader.Leader} has no children"),
            .. reached == Peers && topology.Peers.Count == Peers ? Array.Empty<string>() : [$"{reached} of {topology.Peers.Count} peers are reached by Gnutella's links"],
        ];
    }
}
