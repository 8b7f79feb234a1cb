using System.Net;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

public sealed class OverviewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_topology_has_all_members_by_number_and_names_those_that_do_not_answer()
    {
        var (cloud, _) = await FakeCloud.StartAsync(11);
        await using var owned = cloud;
        await cloud.AddLeaderAsync("supernode-0");
        await cloud.AddDeadPeerAsync("peer-77");

        var topology = await (await cloud.GetAsync("/api/v1/topology")).ReadAsync<Topology>();

        Assert.Equal(Enumerable.Range(0, 11).Select(number => $"peer-{number}"), topology.Peers.Select(peer => peer.Peer));
        Assert.Equal(["peer-0"], Assert.Single(topology.Leaders).Children);
        Assert.Equal(["peer-77"], topology.Unreachable);
    }

    [Fact]
    public async Task A_member_that_hangs_counts_as_unreachable_after_the_time_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2, ("Gateway:StateTimeout", "00:00:02"));
        await using var owned = cloud;
        peers[1].Before = LookupTests.HangAsync;

        var topology = await (await cloud.GetAsync("/api/v1/topology")).ReadAsync<Topology>();

        Assert.Equal(["peer-1"], topology.Unreachable);
    }

    [Fact]
    public async Task The_gateway_is_ready_when_all_members_are()
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        await cloud.AddLeaderAsync("supernode-0");

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ReadyAsync(cloud));
        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/healthz/live")).StatusCode);
    }

    [Fact]
    public async Task Not_ready_names_what_is_pending()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        peers[1].Ready = false;
        await cloud.AddPeerAsync("peer-2", joined: false);
        await cloud.AddLeaderAsync("supernode-0", ready: false);

        var (status, text) = await ReadyAsync(cloud);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("peer-1: chord: joining", text, StringComparison.Ordinal);
        Assert.Contains("peer-2: joining", text, StringComparison.Ordinal);
        Assert.Contains("supernode-0: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_peers_or_without_BOOT_it_is_not_ready_but_alive()
    {
        await using var cloud = new FakeCloud { BootstrapAnswers = false };
        await cloud.StartGatewayAsync();

        Assert.Contains("bootstrap: has not answered", (await ReadyAsync(cloud)).Text, StringComparison.Ordinal);
        await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        cloud.BootstrapAnswers = true;
        Assert.Contains("peers: none is ready", (await ReadyAsync(cloud)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/healthz/live")).StatusCode);
    }

    [Fact]
    public async Task A_peer_that_joins_or_dies_later_does_not_end_readiness_and_the_last_one_does()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        await ReadyAsync(cloud);
        await cloud.AddPeerAsync("peer-2", joined: false);
        peers[0].Ready = false;

        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(cloud)).Status);

        cloud.Peers = [];
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ReadyAsync(cloud)).Status);
    }

    [Fact]
    public async Task A_new_peer_is_known_at_once_when_it_is_named()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1, ("Gateway:MembershipRefresh", "00:10:00"));
        await using var owned = cloud;
        await cloud.GetAsync("/api/v1/topology");
        await cloud.AddPeerAsync("peer-1");

        var result = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-1")).ReadAsync<LookupResult>();

        Assert.Equal("peer-1", result.From);
    }

    [Fact]
    public async Task Misses_ask_BOOT_at_most_once_in_a_while()
    {
        var (cloud, _) = await FakeCloud.StartAsync(
            1, ("Gateway:MembershipMissRefresh", "00:10:00"), ("Gateway:MembershipRefresh", "00:10:00"));
        await using var owned = cloud;
        await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=nobody");
        await cloud.AddPeerAsync("peer-1");

        await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-1")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_peer_that_left_takes_no_more_turns_after_a_refresh()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2, ("Gateway:MembershipRefresh", "00:00:00.050"));
        await using var owned = cloud;
        cloud.Peers = cloud.Peers.RemoveAt(1);
        await cloud.MembersRefreshedAsync(Token);

        for (var i = 0; i < 4; i++)
        {
            await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord");
        }

        Assert.Equal((4, 0), (peers[0].Requests.Count, peers[1].Requests.Count));
    }

    [Fact]
    public async Task With_BOOT_down_the_last_view_stays_in_use()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1, ("Gateway:MembershipRefresh", "00:00:00.050"));
        await using var owned = cloud;
        await cloud.GetAsync("/api/v1/topology");
        cloud.BootstrapAnswers = false;
        await cloud.GetAsync("/api/v1/topology");

        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);
    }

    [Theory]
    [InlineData("00:10:00", HttpStatusCode.OK)]
    [InlineData("00:00:00", HttpStatusCode.ServiceUnavailable)]
    public async Task Members_whose_leases_ended_while_BOOT_was_down_stay_in_use_for_a_grace(string grace, HttpStatusCode status)
    {
        var (cloud, _) = await FakeCloud.StartAsync(1, ("Gateway:MembershipRefresh", "00:10:00"), ("Gateway:MembershipGrace", grace));
        await using var owned = cloud;
        await cloud.GetAsync("/api/v1/topology");
        cloud.BootstrapAnswers = false;
        await cloud.GetAsync("/api/v1/topology");
        cloud.Peers = [];
        cloud.BootstrapAnswers = true;
        await cloud.GetAsync("/api/v1/topology");

        Assert.Equal(status, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);
    }

    [Fact]
    public async Task Bad_options_stop_the_start_and_name_all_that_is_wrong()
    {
        await using var cloud = new FakeCloud();

        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => cloud.StartGatewayAsync(("Gateway:MaxUploadBytes", "0"), ("Gateway:LookupTimeout", "00:00:00")));

        Assert.Equal(2, failure.Failures.Count());
    }

    private static async Task<(HttpStatusCode Status, string Text)> ReadyAsync(FakeCloud cloud)
    {
        var response = await cloud.GetAsync("/healthz/ready");
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
