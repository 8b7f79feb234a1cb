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
    public Task Two_peers_that_were_cut_off_for_60_s_are_in_one_ring_with_the_others_30_s_after() => CutOffAsync(
        "cut-off-2-peers",
        [AppIds.Peer(1), AppIds.Peer(6)],
        60,
        (cluster, apps) => Task.WhenAll(apps.Select(app => cluster.DisconnectAsync(app, Token))),
        (cluster, apps) => Task.WhenAll(apps.Select(app => cluster.ReconnectAsync(app, Token))));

    [Fact]
    public Task Two_peers_that_became_a_ring_of_their_own_are_in_one_ring_with_the_others_30_s_after() => CutOffAsync(
        "partition",
        [AppIds.Peer(0), AppIds.Peer(5)],
        40,
        (cluster, apps) => cluster.IsolateAsync(apps, Token),
        (cluster, apps) => cluster.RejoinAsync(apps, Token));

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

    /// <summary>Peers are asked for their own keys from the moment on when others can reach them again, and once more when all are one ring.</summary>
    private Task CutOffAsync(
        string name, string[] apps, double seconds, Func<ClusterTopology, string[], Task> cut, Func<ClusterTopology, string[], Task> heal)
    {
        var expectation = new Expectation(name, ("cut off", AfterHang), ("healed", AfterHealing)) { Also = Probed, Check = AssertProbed };
        return RunAsync(expectation, async scenario =>
        {
            Func<Task> probe = () => Task.WhenAll(apps.Select(app => ProbeAsync(scenario, app)));
            Array.ForEach(apps, app => scenario.History.Absent(app));
            scenario.Mark("cut off");
            await cut(scenario.Cluster, apps);
            await scenario.PassAsync(seconds);
            scenario.Mark("healed");
            await heal(scenario.Cluster, apps);
            await Task.WhenAll(scenario.ConvergeAsync(AfterHealing), probe());
            Array.ForEach(apps, app => scenario.History.Present(app));
            await probe();
            await scenario.PassAsync(5);
        });
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
