using P2PCloud.Contracts.Api;

namespace P2PCloud.Cluster.Tests;

/// <summary>What is missing from a cloud, by hand-written topologies.</summary>
public sealed class ConvergenceTests
{
    private static readonly string[] Peers = ["peer-0", "peer-1", "peer-2"];

    [Fact]
    public void Nothing_is_missing_where_all_have_found_each_other() => Assert.Empty(Missing(Cloud()));

    [Fact]
    public void A_member_that_is_not_known_or_still_known_is_named()
    {
        Assert.Contains("peer-3 is not known", Convergence.Missing(Cloud(), [.. Peers, "peer-3"], ["supernode-0"]));
        Assert.Contains("supernode-1 is not known", Convergence.Missing(Cloud(), Peers, ["supernode-0", "supernode-1"]));
        Assert.Contains("peer-2 is still known", Convergence.Missing(Cloud(), ["peer-0", "peer-1"], ["supernode-0"]));
    }

    [Fact]
    public void A_member_that_does_not_answer_is_named() => Assert.Contains("peer-9 does not answer", Missing(Cloud() with { Unreachable = ["peer-9"] }));

    [Fact]
    public void Two_rings_are_not_one()
    {
        var cloud = Cloud();
        var alone = cloud.Peers[2] with { VirtualNodes = [NodeOf(2, before: 2, after: 2)] };

        Assert.Contains("peer-2#0 is between peer-2#0 and peer-2#0, not peer-1#0 and peer-0#0", Missing(cloud with { Peers = [.. cloud.Peers.Take(2), alone] }));
    }

    [Fact]
    public void Two_parts_of_Gnutella_are_not_one()
    {
        var cloud = Cloud();
        var alone = cloud.Peers[2] with { GnutellaLinks = [] };

        Assert.Equal(
            ["peer-2 is in another part of Gnutella"],
            Missing(cloud with { Peers = [cloud.Peers[0] with { GnutellaLinks = ["peer-1"] }, cloud.Peers[1] with { GnutellaLinks = ["peer-0"] }, alone] }));
    }

    [Fact]
    public void A_peer_whose_group_leader_is_gone_is_named()
    {
        var cloud = Cloud();

        Assert.Equal(
            ["peer-1 has no group leader"],
            Missing(cloud with { Peers = [cloud.Peers[0], cloud.Peers[1] with { Leader = "supernode-7" }, cloud.Peers[2]] }));
    }

    private static IReadOnlyList<string> Missing(Topology topology) => Convergence.Missing(topology, Peers, ["supernode-0"]);

    private static Topology Cloud() => new(
        [PeerOf(0, before: 2, after: 1), PeerOf(1, before: 0, after: 2), PeerOf(2, before: 1, after: 0)],
        [new LeaderState("supernode-0", null, true, Peers, [], 0)],
        []);

    private static PeerState PeerOf(int number, int before, int after) => new(
        $"peer-{number}", null, true, [], 0, [NodeOf(number, before, after)], [.. Peers.Where(peer => peer != $"peer-{number}")], "supernode-0");

    private static VirtualNodeState NodeOf(int number, int before, int after) =>
        new($"peer-{number}#0", $"{number:x2}", true, RingNodeOf(before), [RingNodeOf(after)], [], 0, 0);

    private static RingNode RingNodeOf(int number) => new($"peer-{number}#0", $"{number:x2}");
}
