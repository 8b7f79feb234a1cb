using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>The services that the peers stand on fail, and come back.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ServiceTests(ClusterFixture fixture)
{
    private static readonly string[] Bootstraps = [.. ClusterTopology.AllMembers.Where(app => ServiceSettings.ServiceOf(app) is AppIds.Bootstrap)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_restarted_empty_is_filled_again_within_30_s_and_only_napster_misses_it()
    {
        var result = await Scenario.RunAsync(fixture, Expect("redis", "redis is back", 30), async scenario =>
        {
            scenario.History.Mark("redis killed");
            await scenario.Cluster.KillAsync(ClusterTopology.Redis, Token);
            await scenario.PassAsync(15);
            scenario.History.Mark("redis is back");
            await scenario.Cluster.StartAsync(ClusterTopology.Redis, Token);
            await scenario.PassAsync(45);
        }, Token);

        Assert.All(result.ByStream.Where(stream => stream.Key is not Techniques.Napster), stream => Assert.Equal(0, stream.Value.Failed));
        Assert.True(result.ByStream[Techniques.Napster].Failed > 0, "Napster answered without Redis.");
    }

    [Fact]
    public async Task While_both_bootstraps_are_down_for_60_s_nothing_else_fails()
    {
        var result = await Scenario.RunAsync(fixture, Expect("bootstraps", "bootstraps are back", 15), async scenario =>
        {
            scenario.History.Mark("bootstraps killed");
            await Task.WhenAll(Bootstraps.Select(app => scenario.Cluster.KillAsync(app, Token)));
            await scenario.PassAsync(60);
            scenario.History.Mark("bootstraps are back");
            await Task.WhenAll(Bootstraps.Select(app => scenario.Cluster.StartAsync(app, Token)));
            await scenario.PassAsync(20);
        }, Token);

        Assert.Empty(result.Failures);
    }

    [Fact]
    public async Task When_a_supernode_is_killed_its_children_find_another_within_15_s()
    {
        var result = await Scenario.RunAsync(fixture, Expect("kill-supernode", "killed", 15), async scenario =>
        {
            scenario.History.Mark("killed");
            await scenario.Cluster.KillAsync(AppIds.Supernode(1), Token);
            await scenario.PassAsync(25);
        }, Token);

        Assert.All(result.ByStream.Where(stream => stream.Key is not Techniques.Kazaa), stream => Assert.Equal(0, stream.Value.Failed));
    }

    [Fact]
    public async Task When_a_gateway_is_killed_the_second_takes_over_within_5_s() =>
        await Scenario.RunAsync(fixture, Expect("kill-gateway", "killed", 5), async scenario =>
        {
            scenario.History.Mark("killed");
            await scenario.Cluster.KillAsync($"{AppIds.Gateway}-0", Token);
            await scenario.PassAsync(20);
        }, Token);

    private static Expectation Expect(string name, string mark, double seconds) =>
        new(name, new Dictionary<string, TimeSpan> { [mark] = TimeSpan.FromSeconds(seconds) });
}
