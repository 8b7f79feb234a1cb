namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster at peace, with every operation of the load.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class SmokeTests(ClusterFixture fixture)
{
    [Fact]
    public Task Without_faults_nothing_fails()
    {
        var expectation = new Expectation("no-faults")
        {
            Also = "nothing fails",
            Check = result =>
            {
                Assert.Empty(result.Failures);
                Assert.Equal(7, result.ByStream.Count);
            },
        };

        return Scenario.RunAsync(fixture, expectation, scenario => scenario.PassAsync(10), TestContext.Current.CancellationToken);
    }
}
