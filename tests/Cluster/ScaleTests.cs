using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster is rolled and scaled, as an upgrade and an autoscaler do it.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ScaleTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_service_is_restarted_one_after_the_other_and_nothing_is_lost()
    {
        var expectation = new Expectation("rolling-restart", new Dictionary<string, TimeSpan> { ["rolled"] = Limit });

        await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            foreach (var app in ClusterTopology.AllMembers)
            {
                scenario.History.Mark($"restart {app}");
                scenario.History.Absent(app);
                await scenario.Cluster.StopAsync(app, Token);
                await scenario.Cluster.StartAsync(app, Token);
                await scenario.Cluster.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), Token);
            }

            scenario.History.Mark("rolled");
            await scenario.PassAsync(25);
            foreach (var app in ClusterTopology.AllMembers)
            {
                scenario.History.Present(app);
            }

            await scenario.PassAsync(15);
        }, Token);
    }

    [Fact]
    public async Task Eight_peers_become_twelve_and_then_five_and_no_key_is_lost()
    {
        var expectation = new Expectation("scale-8-12-5", new Dictionary<string, TimeSpan> { ["twelve"] = Limit, ["five"] = Limit });

        await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            await Task.WhenAll(Enumerable.Range(8, 4).Select(number => scenario.Cluster.StartAsync(AppIds.Peer(number), Token)));
            scenario.History.Mark("twelve");
            await scenario.PassAsync(20);
            scenario.History.Mark("shrinking");
            foreach (var app in Enumerable.Range(5, 7).Reverse().Select(AppIds.Peer))
            {
                scenario.History.Absent(app);
                await scenario.Cluster.StopAsync(app, Token);
                await scenario.Cluster.RemoveAsync(app);
            }

            scenario.History.Mark("five");
            await scenario.PassAsync(30);
        }, Token);
    }
}
