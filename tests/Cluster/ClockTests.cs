using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>A peer's clock is wrong.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ClockTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clock-ahead", "00:05:00")]
    [InlineData("clock-behind", "-00:05:00")]
    public async Task With_a_peers_clock_5_minutes_off_no_later_write_is_undone(string name, string offset)
    {
        var app = AppIds.Peer(6);
        var expectation = new Expectation(name, new Dictionary<string, TimeSpan> { ["wrong"] = Limit, ["right"] = Limit });

        await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            scenario.History.Absent(app);
            scenario.Cluster.Extra[app] = new Dictionary<string, string> { ["Clock__Offset"] = offset };
            await RestartAsync(scenario, app);
            scenario.History.Mark("wrong");
            await scenario.PassAsync(20);
            scenario.Cluster.Extra.Remove(app);
            await RestartAsync(scenario, app);
            scenario.History.Mark("right");
            await scenario.PassAsync(15);
            scenario.History.Present(app);
            await scenario.PassAsync(5);
        }, Token);
    }

    private static async Task RestartAsync(Scenario scenario, string app)
    {
        await scenario.Cluster.StopAsync(app, Token);
        await scenario.Cluster.StartAsync(app, Token);
        await scenario.Cluster.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), Token);
    }
}
