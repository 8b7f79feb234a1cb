using System.Net;
using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>A peer's disk fills up.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class DiskTests(ClusterFixture fixture)
{
    private static readonly string App = AppIds.Peer(5);
    private const long Disk = 4 * 1024 * 1024;
    private const int UploadsMax = 2_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_whose_disk_is_full_refuses_writes_and_is_read_as_before()
    {
        var expectation = new Expectation("full-disk", new Dictionary<string, TimeSpan> { ["empty disk"] = Limit });

        var result = await Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            scenario.History.Absent(App);
            scenario.Cluster.SmallDisks[App] = Disk;
            await RestartAsync(scenario);
            await scenario.PassAsync(10);
            await FillAsync(scenario.Cluster.Gateways[0]);
            scenario.History.Mark("full");
            await scenario.PassAsync(30);
            scenario.Cluster.SmallDisks.Remove(App);
            scenario.History.Mark("empty disk");
            await RestartAsync(scenario);
            await scenario.PassAsync(25);
        }, Token);

        var insufficient = $"refused {(int)HttpStatusCode.InsufficientStorage}";
        Assert.Contains(insufficient, result.ByStream[Streams.Put].Failures.Keys);
        Assert.All(result.ByStream.Where(stream => stream.Key != Streams.Put), stream => Assert.Equal(0, stream.Value.Failed));
    }

    private static async Task RestartAsync(Scenario scenario)
    {
        await scenario.Cluster.StopAsync(App, Token);
        await scenario.Cluster.StartAsync(App, Token);
        await scenario.Cluster.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), Token);
    }

    /// <summary>Uploads ever smaller files until not even the smallest is taken, each time with a clear error.</summary>
    private static async Task FillAsync(Uri gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var number = 0;
        foreach (var bytes in new[] { 256 * 1024, 16 * 1024, 1024, 16 })
        {
            string? refusal = null;
            while (refusal is null)
            {
                Assert.True(number < UploadsMax, "The disk does not fill up.");
                var content = new byte[bytes];
                BitConverter.TryWriteBytes(content, ++number);
                content[^1] |= 1;
                using var body = new ByteArrayContent(content);
                using var answer = await http.PutAsync(new Uri($"/api/v1/files?name=fill-{number}&peer={App}", UriKind.Relative), body, Token);
                refusal = answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(Token);
            }

            Assert.Contains("cannot be stored", refusal, StringComparison.Ordinal);
        }
    }
}
