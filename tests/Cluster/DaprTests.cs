using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster in Dapr mode: each call crosses two sidecars, and each service is known to the others by its app id alone.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class DaprTests(ClusterFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Through_sidecars_nothing_fails_without_faults() => RunAsync(
        new("dapr-no-faults") { Also = "nothing fails", Check = result => Assert.Empty(result.Failures) },
        scenario => scenario.PassAsync(15));

    [Fact]
    public Task Through_sidecars_a_killed_peer_is_missed_for_15_s_at_most_and_is_found_again_at_a_new_address() => RunAsync(
        new("dapr-kill-and-return", ("killed", 15), ("returned", 30)),
        async scenario =>
        {
            var app = AppIds.Peer(2);
            scenario.History.Absent(app);
            scenario.Mark("killed");
            await scenario.Cluster.KillAsync(app, Token);
            await scenario.ConvergeAsync(30);
            await scenario.PassAsync(10);
            scenario.Mark("returned");
            await scenario.Cluster.StartElsewhereAsync(app, Token);
            await scenario.ReturnAsync(app, 30);
            await scenario.PassAsync(10);
        });

    /// <summary>A write that is under way at a peer which leaves may end as uncertain.</summary>
    [Fact]
    public Task Through_sidecars_peers_that_leave_hand_their_keys_over() => RunAsync(
        new("dapr-leave", ("left", 30)) { Also = Expectation.KeysStay, Check = Expectation.AssertKeysStay },
        async scenario =>
        {
            foreach (var app in new[] { AppIds.Peer(6), AppIds.Peer(7) })
            {
                scenario.History.Absent(app);
                await scenario.Cluster.StopAsync(app, Token);
                await scenario.Cluster.RemoveAsync(app);
            }

            scenario.Mark("left");
            await scenario.ConvergeAsync(30);
            await scenario.PassAsync(25);
        });

    private Task RunAsync(Expectation expectation, Func<Scenario, Task> faults) =>
        Scenario.RunAsync(fixture, expectation with { Mode = CallMode.Dapr }, faults, Token);
}
