namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster at peace, with every operation of the load.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class SmokeTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Without_faults_nothing_fails()
    {
        var result = await Scenario.RunAsync(
            fixture,
            new Expectation("no-faults", new Dictionary<string, TimeSpan>()),
            scenario => scenario.PassAsync(10),
            TestContext.Current.CancellationToken);

        Assert.Empty(result.Failures);
        Assert.Equal(7, result.ByStream.Count);
    }
}
