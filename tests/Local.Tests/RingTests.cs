namespace P2PCloud.Local.Tests;

public sealed class RingTests
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_peers_that_start_at_once_form_one_ring_one_graph_and_one_set_of_children()
    {
        await using var cloud = await LocalCloud.StartAsync(new LocalCloudOptions { Port = 0, Peers = 64, VirtualNodes = 2 }, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit);
        using var http = new HttpClient { BaseAddress = cloud.Gateway };

        await Ring.WaitAsync(http, nodes: 128, Limit);
        var topology = await http.TopologyAsync(Limit);

        Assert.Equal(64, topology.Peers.Count);
        var links = topology.Peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks);
        Assert.Equal(64, Graphs.Reach(links, "peer-0", 64).Count);
        Assert.All(topology.Peers, peer => Assert.Single(topology.Leaders, leader => leader.Children.Contains(peer.Peer)));
        Assert.All(topology.Leaders, leader => Assert.NotEmpty(leader.Children));
    }
}
