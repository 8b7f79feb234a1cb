using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster in Dapr mode: each call crosses two sidecars, and each service is known to the others by its app id alone.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class DaprTests(ClusterFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_sidecars_nothing_fails_without_faults()
    {
        var result = await RunAsync("dapr-no-faults", [], scenario => scenario.PassAsync(15));

        Assert.Empty(result.Failures);
    }

    [Fact]
    public Task Through_sidecars_a_killed_peer_is_missed_for_15_s_at_most_and_is_found_again_at_a_new_address() => RunAsync(
        "dapr-kill-and-return",
        [("killed", 15), ("returned", 30)],
        async scenario =>
        {
            var app = AppIds.Peer(2);
            var before = await scenario.Cluster.AddressOfAsync(app, Token);
            scenario.History.Absent(app);
            scenario.History.Mark("killed");
            await scenario.Cluster.KillAsync(app, Token);
            await scenario.PassAsync(25);
            // The engine gives out the lowest free address: something else takes the one that the peer had.
            await scenario.Cluster.StartAsync($"{ClusterTopology.Redis}-spare", Token);
            await scenario.Cluster.StartAsync(app, Token);
            Assert.NotEqual(before, await scenario.Cluster.AddressOfAsync(app, Token));
            scenario.History.Mark("returned");
            await scenario.PassAsync(30);
            scenario.History.Present(app);
            await scenario.PassAsync(15);
        });

    [Fact]
    public Task Through_sidecars_peers_that_leave_hand_their_keys_over() => RunAsync(
        "dapr-leave",
        [("left", 30)],
        async scenario =>
        {
            foreach (var app in new[] { AppIds.Peer(6), AppIds.Peer(7) })
            {
                scenario.History.Absent(app);
                await scenario.Cluster.StopAsync(app, Token);
                await scenario.Cluster.RemoveAsync(app);
            }

            scenario.History.Mark("left");
            await scenario.PassAsync(30);
        });

    private Task<ClusterLoad.CheckResult> RunAsync(string name, (string Mark, double Seconds)[] recovery, Func<Scenario, Task> faults) => Scenario.RunAsync(
        fixture,
        new Expectation(name, recovery.ToDictionary(it => it.Mark, it => TimeSpan.FromSeconds(it.Seconds))) { Mode = CallMode.Dapr },
        faults,
        Token);
}
