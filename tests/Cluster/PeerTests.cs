using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>Peers that die, hang, are cut off, and come back.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class PeerTests(ClusterFixture fixture)
{
    private const double AfterDeath = 15;
    private const double AfterHealing = 30;

    /// <summary>A lease of 10 s, and what the gateway and the ring need to see that it has ended.</summary>
    private const double Forgotten = 20;

    /// <summary>Until its lease of 10 s ends a peer that hangs is asked, and the gateway takes 6 s to find out that it does not live.</summary>
    private const double AfterHang = 20;

    private const string Probed = "what peers that are back read and write of their own keys fits in with what was written meanwhile";

    private static readonly IReadOnlyList<string> All = [.. Enumerable.Range(0, ClusterTopology.PeersAtStart).Select(AppIds.Peer)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task When_a_peer_is_killed_all_is_well_again_within_15_s() => RunAsync(new("kill-1-peer", ("killed", AfterDeath)), async scenario =>
    {
        await KillAsync(scenario, "killed", AppIds.Peer(3));
        await scenario.PassAsync(10);
    });

    [Fact]
    public Task When_two_peers_are_killed_at_once_and_then_a_third_no_key_is_lost()
    {
        string[] first = [AppIds.Peer(2), AppIds.Peer(5)];
        var expectation = new Expectation("kill-2-peers", ("killed", AfterDeath), ("killed a third", AfterDeath))
        {
            Also = "keys whose three first copies are all killed are still there: they were copied again in between",
        };

        return RunAsync(expectation, async scenario =>
        {
            var third = ThirdOf(scenario.Load.Keys, first);
            await KillAsync(scenario, "killed", first);
            await scenario.PassAsync(10);
            await KillAsync(scenario, "killed a third", third);
            await scenario.PassAsync(10);
        });
    }

    [Fact]
    public Task A_peer_that_hung_for_30_s_takes_back_nothing_that_it_lost_without_reconciling()
    {
        var app = AppIds.Peer(4);
        var expectation = new Expectation("pause-peer", ("paused", AfterHang), ("unpaused", AfterHealing))
        {
            Also = Probed,
            Check = AssertProbed,
        };

        return RunAsync(expectation, async scenario =>
        {
            scenario.History.Absent(app);
            scenario.Mark("paused");
            await scenario.Cluster.PauseAsync(app, Token);
            await scenario.PassAsync(30);
            scenario.Mark("unpaused");
            await scenario.Cluster.UnpauseAsync(app, Token);
            await ProbeAsync(scenario, app);
            await scenario.ReturnAsync(app, AfterHealing);
            await scenario.PassAsync(10);
        });
    }

    [Fact]
    public Task Two_peers_that_were_cut_off_for_60_s_are_in_one_ring_with_the_others_30_s_after()
    {
        string[] apps = [AppIds.Peer(1), AppIds.Peer(6)];
        var expectation = new Expectation("cut-off-2-peers", ("cut off", AfterHang), ("healed", AfterHealing)) { Also = Probed, Check = AssertProbed };
        return RunAsync(expectation, async scenario =>
        {
            Array.ForEach(apps, app => scenario.History.Absent(app));
            scenario.Mark("cut off");
            await Task.WhenAll(apps.Select(app => scenario.Cluster.DisconnectAsync(app, Token)));
            await scenario.PassAsync(60);
            scenario.Mark("healed");
            await Task.WhenAll(apps.Select(app => scenario.Cluster.ReconnectAsync(app, Token)));
            await HealAsync(scenario, apps);
        });
    }

    [Fact]
    public Task Two_peers_that_became_a_ring_of_their_own_are_in_one_ring_with_the_others_30_s_after()
    {
        string[] apps = [AppIds.Peer(0), AppIds.Peer(5)];
        var expectation = new Expectation("partition", ("cut off", AfterHang), ("healed", AfterHealing)) { Also = Probed, Check = AssertProbed };
        return RunAsync(expectation, async scenario =>
        {
            Array.ForEach(apps, app => scenario.History.Absent(app));
            scenario.Mark("cut off");
            await scenario.Cluster.IsolateAsync(apps, Token);
            await scenario.PassAsync(40);
            scenario.Mark("healed");
            await scenario.Cluster.RejoinAsync(apps, Token);
            await HealAsync(scenario, apps);
        });
    }

    [Fact]
    public Task A_peer_restarts_under_its_name_with_a_new_address() => RunAsync(new("new-address", ("killed", AfterDeath)), async scenario =>
    {
        var app = AppIds.Peer(7);
        scenario.History.Absent(app);
        scenario.Mark("killed");
        await scenario.Cluster.KillAsync(app, Token);
        await scenario.Cluster.StartElsewhereAsync(app, Token);
        await scenario.ReturnAsync(app, AfterHealing);
        await scenario.PassAsync(10);
    });

    private static void AssertProbed(CheckResult result) => Assert.True(result.Probes > 0, "No peer that was back answered about its own keys.");

    private static async Task KillAsync(Scenario scenario, string mark, params string[] apps)
    {
        Array.ForEach(apps, app => scenario.History.Absent(app));
        scenario.Mark(mark);
        await Task.WhenAll(apps.Select(app => scenario.Cluster.KillAsync(app, Token)));
        await scenario.ConvergeAsync(Forgotten);
    }

    /// <summary>
    /// Until all are one ring again, two peers that were cut off and find each other first are a majority of three copies, both old: so their keys are
    /// asked for after that.
    /// </summary>
    private static async Task HealAsync(Scenario scenario, string[] apps)
    {
        await scenario.ConvergeAsync(AfterHealing);
        Array.ForEach(apps, app => scenario.History.Present(app));
        await Task.WhenAll(apps.Select(app => ProbeAsync(scenario, app)));
        await scenario.PassAsync(5);
    }

    /// <summary>Reads and writes the keys that a peer owns, through itself, from now on.</summary>
    private static Task ProbeAsync(Scenario scenario, string app)
    {
        var keys = scenario.Load.Keys.Where(key => KeyPlacement.HoldersOf(key, All)[0] == app).ToList();
        Assert.NotEmpty(keys);
        return scenario.Load.ProbeAsync(app, keys, rate: 10, TimeSpan.FromSeconds(5), Token);
    }

    /// <summary>The peer that has the third copy of most keys whose other two are at two peers.</summary>
    private static string ThirdOf(IEnumerable<string> keys, string[] two) => keys
        .Select(key => KeyPlacement.HoldersOf(key, All))
        .Where(holders => two.All(holders.Contains))
        .GroupBy(holders => holders.Except(two).Single())
        .MaxBy(keys => keys.Count())!.Key;

    private Task RunAsync(Expectation expectation, Func<Scenario, Task> faults) => Scenario.RunAsync(fixture, expectation, faults, Token);
}
