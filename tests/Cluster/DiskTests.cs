using System.Net;
using System.Security.Cryptography;
using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>A peer's disk fills up.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class DiskTests(ClusterFixture fixture)
{
    private static readonly string App = AppIds.Peer(5);
    private static readonly string Full = $"refused {(int)HttpStatusCode.InsufficientStorage}";
    private const long Disk = 4 * 1024 * 1024;
    private const int UploadsMax = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_peer_whose_disk_is_full_refuses_writes_and_is_read_as_before()
    {
        var expectation = new Expectation("full-disk", ("empty disk", 30))
        {
            Also = "writes at its disk, and nothing else, are refused with 507; the file that it shares is fetched from it as before",
            Check = result =>
            {
                Assert.Equal(Full, Assert.Single(result.ByStream[Streams.Put].Failures).Key);
                Assert.All(result.ByStream.Where(stream => stream.Key != Streams.Put), stream => Assert.Equal(0, stream.Value.Failed));
            },
        };

        return Scenario.RunAsync(fixture, expectation, async scenario =>
        {
            scenario.History.Absent(App);
            scenario.Cluster.SmallDisks[App] = Disk;
            await scenario.RestartAsync(App);
            using var http = new HttpClient { BaseAddress = scenario.Cluster.Gateways[0] };
            var content = RandomNumberGenerator.GetBytes(1024);
            await UploadAsync(http, "kept", content);
            await FillAsync(http);
            scenario.Mark("full");
            await scenario.PassAsync(15);
            var id = Convert.ToHexStringLower(SHA256.HashData(content));
            Assert.Equal(content, await http.GetByteArrayAsync(new Uri($"/api/v1/files/{id}", UriKind.Relative), Token));
            await scenario.PassAsync(15);
            scenario.Cluster.SmallDisks.Remove(App);
            scenario.Mark("empty disk");
            await scenario.RestartAsync(App);
            await scenario.PassAsync(20);
        }, Token);
    }

    /// <summary>Uploads ever smaller files until not even the smallest is taken, each time with a clear error.</summary>
    private static async Task FillAsync(HttpClient http)
    {
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
                refusal = await UploadAsync(http, $"fill-{number}", content);
            }

            Assert.Contains("cannot be stored", refusal, StringComparison.Ordinal);
        }
    }

    /// <returns>Why it was refused; null when it was taken.</returns>
    private static async Task<string?> UploadAsync(HttpClient http, string name, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var answer = await http.PutAsync(new Uri($"/api/v1/files?name={name}&peer={App}", UriKind.Relative), body, Token);
        return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(Token);
    }
}
