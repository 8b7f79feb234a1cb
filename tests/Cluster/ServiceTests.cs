using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The services that the peers stand on fail, and come back.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ServiceTests(ClusterFixture fixture)
{
    private static readonly string[] Bootstraps = [.. ClusterTopology.AllMembers.Where(app => ServiceSettings.ServiceOf(app) is AppIds.Bootstrap)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Redis_restarted_empty_is_filled_again_within_30_s_and_only_napster_misses_it()
    {
        var expectation = new Expectation("redis", ("redis is back", 30))
        {
            Also = "only Napster fails, and it does; all leases and sessions are there again",
            Check = result =>
            {
                AssertOnlyFails(result, Techniques.Napster);
                Assert.True(result.ByStream[Techniques.Napster].Failed > 0, "Napster answered without Redis.");
            },
        };

        return RunAsync(expectation, async scenario =>
        {
            scenario.Mark("redis killed");
            await scenario.Cluster.KillAsync(ClusterTopology.Redis, Token);
            await scenario.PassAsync(15);
            scenario.Mark("redis is back");
            await scenario.Cluster.StartAsync(ClusterTopology.Redis, Token);
            // Longer than a lease, and than the gateway keeps members that BOOT does not name.
            await scenario.PassAsync(20);
            await scenario.ConvergeAsync(30);
            await scenario.PassAsync(10);
        });
    }

    [Fact]
    public Task While_both_bootstraps_are_down_for_60_s_nothing_else_fails()
    {
        var expectation = new Expectation("bootstraps", ("bootstraps are back", 15))
        {
            Also = "nothing fails; all members are registered again",
            Check = result => Assert.Empty(result.Failures),
        };

        return RunAsync(expectation, async scenario =>
        {
            scenario.Mark("bootstraps killed");
            await Task.WhenAll(Bootstraps.Select(app => scenario.Cluster.KillAsync(app, Token)));
            await scenario.PassAsync(60);
            scenario.Mark("bootstraps are back");
            await Task.WhenAll(Bootstraps.Select(app => scenario.Cluster.StartAsync(app, Token)));
            await scenario.PassAsync(25);
            await scenario.ConvergeAsync(60);
        });
    }

    [Fact]
    public Task When_a_supernode_is_killed_its_children_find_another_within_15_s()
    {
        var expectation = new Expectation("kill-supernode", ("killed", 15))
        {
            Also = "it had children; only KaZaA may fail",
            Check = result => AssertOnlyFails(result, Techniques.Kazaa),
        };

        return RunAsync(expectation, async scenario =>
        {
            var leaders = (await scenario.Cluster.ReadAsync(Token)).Leaders;
            var leader = leaders.Where(it => ServiceSettings.ServiceOf(it.Leader) is "supernode").MaxBy(it => it.Children.Count)!;
            Assert.NotEmpty(leader.Children);
            scenario.Mark("killed");
            await scenario.Cluster.KillAsync(leader.Leader, Token);
            await scenario.ConvergeAsync(20);
            await scenario.PassAsync(10);
        });
    }

    [Fact]
    public Task When_a_gateway_is_killed_the_second_takes_over_within_5_s() =>
        RunAsync(new Expectation("kill-gateway", ("killed", 5)) { GatewaysMayEnd = true }, async scenario =>
        {
            scenario.Mark("killed");
            await scenario.Cluster.KillAsync($"{AppIds.Gateway}-0", Token);
            await scenario.PassAsync(20);
        });

    private static void AssertOnlyFails(CheckResult result, string stream) =>
        Assert.All(result.ByStream.Where(other => other.Key != stream), other => Assert.Equal(0, other.Value.Failed));

    private Task RunAsync(Expectation expectation, Func<Scenario, Task> faults) => Scenario.RunAsync(fixture, expectation, faults, Token);
}
