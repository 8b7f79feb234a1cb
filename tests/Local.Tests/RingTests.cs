using System.Globalization;
using P2PCloud.Contracts.Api;

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

        Topology topology;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            topology = await http.TopologyAsync(Limit);
        }
        while (!IsIdeal(topology) && await timer.WaitForNextTickAsync(Limit));

        Assert.Equal(64, topology.Peers.Count);
        var links = topology.Peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks);
        Assert.Equal(64, Graphs.Reach(links, "peer-0", 64).Count);
        Assert.All(topology.Peers, peer => Assert.Single(topology.Leaders, leader => leader.Children.Contains(peer.Peer)));
        Assert.All(topology.Leaders, leader => Assert.NotEmpty(leader.Children));
    }

    private static bool IsIdeal(Topology topology)
    {
        var ring = topology.Peers.SelectMany(peer => peer.VirtualNodes)
            .OrderBy(node => UInt128.Parse(node.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
        return ring.Count == 128 && ring.Select((node, index) =>
            node.Successors[0].Id == ring[(index + 1) % ring.Count].Id
            && node.Predecessor?.Id == ring[(index + ring.Count - 1) % ring.Count].Id).All(holds => holds);
    }
}
