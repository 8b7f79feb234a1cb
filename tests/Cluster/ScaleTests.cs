using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster is rolled and scaled, as an upgrade and an autoscaler do it.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ScaleTests(ClusterFixture fixture)
{
    private const double Limit = 30;

    /// <summary>Of four peers at once: their containers, processes and overlays.</summary>
    private const double StartLimit = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Every_service_is_restarted_one_after_the_other_and_nothing_is_lost()
    {
        var expectation = new Expectation("rolling-restart", ("rolled", Limit))
        {
            GatewaysMayEnd = true,
            Also = $"one at a time: the cloud has converged before the next one; {Expectation.KeysStay}",
            Check = Expectation.AssertKeysStay,
        };

        return Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            foreach (var app in ClusterTopology.AllMembers)
            {
                scenario.Mark($"restart {app}");
                scenario.History.Absent(app);
                await scenario.RestartAsync(app);
                scenario.History.Present(app);
            }

            scenario.Mark("rolled");
            await scenario.PassAsync(15);
        }, Token);
    }

    [Fact]
    public Task Eight_peers_become_twelve_and_then_five_and_no_key_is_lost()
    {
        var expectation = new Expectation("scale-8-12-5", ("twelve", Limit), ("five", Limit))
        {
            Also = $"all twelve and all five are one ring; {Expectation.KeysStay}",
            Check = Expectation.AssertKeysStay,
        };

        return Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            scenario.Mark("twelve");
            await Task.WhenAll(Enumerable.Range(8, 4).Select(number => scenario.Cluster.StartAsync(AppIds.Peer(number), Token)));
            await scenario.ConvergeAsync(StartLimit);
            await scenario.PassAsync(10);
            scenario.Mark("shrinking");
            foreach (var app in Enumerable.Range(5, 7).Reverse().Select(AppIds.Peer))
            {
                scenario.History.Absent(app);
                await scenario.Cluster.StopAsync(app, Token);
                await scenario.Cluster.RemoveAsync(app);
            }

            scenario.Mark("five");
            await scenario.ConvergeAsync(Limit);
            await scenario.PassAsync(15);
        }, Token);
    }
}
