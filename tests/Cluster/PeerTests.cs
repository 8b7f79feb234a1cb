using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>Peers that die, hang, are cut off, and come back.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class PeerTests(ClusterFixture fixture)
{
    private static readonly TimeSpan AfterDeath = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterHealing = TimeSpan.FromSeconds(30);

    /// <summary>Until its lease of 10 s ends a peer that hangs is asked, and the gateway takes 6 s to find out that it does not live.</summary>
    private static readonly TimeSpan AfterHang = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task When_a_peer_is_killed_all_is_well_again_within_15_s() => RunAsync("kill-1-peer", "killed", AfterDeath, async scenario =>
    {
        scenario.History.Absent(AppIds.Peer(3));
        scenario.History.Mark("killed");
        await scenario.Cluster.KillAsync(AppIds.Peer(3), Token);
        await scenario.PassAsync(25);
    });

    [Fact]
    public Task When_two_peers_are_killed_at_once_all_is_well_again_within_15_s() => RunAsync("kill-2-peers", "killed", AfterDeath, async scenario =>
    {
        scenario.History.Absent(AppIds.Peer(2));
        scenario.History.Absent(AppIds.Peer(5));
        scenario.History.Mark("killed");
        await Task.WhenAll(scenario.Cluster.KillAsync(AppIds.Peer(2), Token), scenario.Cluster.KillAsync(AppIds.Peer(5), Token));
        await scenario.PassAsync(25);
    });

    [Fact]
    public async Task A_peer_that_hung_for_30_s_takes_back_nothing_that_it_lost_without_reconciling()
    {
        var expectation = new Expectation(
            "pause-peer", new Dictionary<string, TimeSpan> { ["paused"] = AfterHang, ["unpaused"] = AfterHealing });

        await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            var app = AppIds.Peer(4);
            scenario.History.Absent(app);
            scenario.History.Mark("paused");
            await scenario.Cluster.PauseAsync(app, Token);
            await scenario.PassAsync(30);
            scenario.History.Mark("unpaused");
            await scenario.Cluster.UnpauseAsync(app, Token);
            await scenario.PassAsync(25);
            scenario.History.Present(app);
            await scenario.PassAsync(15);
        }, Token);
    }

    [Fact]
    public async Task Two_peers_that_were_cut_off_for_60_s_are_in_one_ring_with_the_others_30_s_after()
    {
        var expectation = new Expectation(
            "cut-off-2-peers", new Dictionary<string, TimeSpan> { ["cut off"] = AfterHang, ["healed"] = AfterHealing });

        await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            string[] apps = [AppIds.Peer(1), AppIds.Peer(6)];
            Array.ForEach(apps, app => scenario.History.Absent(app));
            scenario.History.Mark("cut off");
            await Task.WhenAll(apps.Select(app => scenario.Cluster.DisconnectAsync(app, Token)));
            await scenario.PassAsync(60);
            scenario.History.Mark("healed");
            await Task.WhenAll(apps.Select(app => scenario.Cluster.ReconnectAsync(app, Token)));
            await scenario.PassAsync(28);
            Array.ForEach(apps, app => scenario.History.Present(app));
            await scenario.PassAsync(15);
        }, Token);
    }

    [Fact]
    public Task A_peer_restarts_under_its_name_with_a_new_address() => RunAsync("new-address", "killed", TimeSpan.FromSeconds(30), async scenario =>
    {
        var app = AppIds.Peer(7);
        var before = await scenario.Cluster.AddressOfAsync(app, Token);
        scenario.History.Absent(app);
        scenario.History.Mark("killed");
        await scenario.Cluster.KillAsync(app, Token);
        // The engine gives out the lowest free address: something else takes the one that the peer had.
        await scenario.Cluster.StartAsync($"{ClusterTopology.Redis}-spare", Token);
        await scenario.Cluster.StartAsync(app, Token);
        Assert.NotEqual(before, await scenario.Cluster.AddressOfAsync(app, Token));
        await scenario.PassAsync(25);
        scenario.History.Present(app);
        await scenario.PassAsync(15);
    });

    private Task<CheckResult> RunAsync(string name, string mark, TimeSpan limit, Func<Scenario, Task> faults) => Scenario.RunAsync(
        fixture, new Expectation(name, new Dictionary<string, TimeSpan> { [mark] = limit }), faults, Token);
}
