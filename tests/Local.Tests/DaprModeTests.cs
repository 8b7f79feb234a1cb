using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using P2PCloud.Contracts;

namespace P2PCloud.Local.Tests;

public sealed class DaprModeTests
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_sidecars_that_know_only_app_ids_all_techniques_find_a_file_and_it_is_fetched()
    {
        var addresses = new ConcurrentDictionary<string, string>();
        await using var sidecar = await SidecarDouble.StartAsync(addresses.GetValueOrDefault, Limit);
        var options = new LocalCloudOptions
        {
            Port = 0,
            Peers = 8,
            Started = service => addresses[service.App] = service.Endpoint,
            Configure = (_, builder) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Invocation:Mode"] = "Dapr",
                ["Invocation:DaprEndpoint"] = sidecar.Endpoint,
                // A node that others could only reach at this address would not be reached.
                ["Node:Endpoint"] = "http://127.0.0.1:1",
            }),
        };
        await using var cloud = await LocalCloud.StartAsync(options, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit);
        using var http = new HttpClient { BaseAddress = cloud.Gateway };
        var bytes = "through two sidecars"u8.ToArray();
        using var body = new ByteArrayContent(bytes);

        using var put = await http.PutAsync(new Uri("/api/v1/files?name=Sidecar%20Story.txt&peer=peer-2", UriKind.Relative), body, Limit);

        put.EnsureSuccessStatusCode();
        foreach (var technique in Techniques.All)
        {
            var found = await http.LookupAsync("sidecar", technique, Limit, from: "peer-7");
            Assert.Equal("peer-2", Assert.Single(Assert.Single(found.Matches).Providers).Peer);
        }

        var contentId = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(bytes, await http.GetByteArrayAsync(new Uri($"/api/v1/files/{contentId}", UriKind.Relative), Limit));
        Assert.InRange(sidecar.Invocations, 100, int.MaxValue);
    }
}
