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

    [Fact]
    public async Task Services_that_are_deployed_under_other_names_are_found_by_them()
    {
        const string release = "music-";
        var addresses = new ConcurrentDictionary<string, string>();
        await using var sidecar = await SidecarDouble.StartAsync(addresses.GetValueOrDefault, Limit);
        var options = new LocalCloudOptions
        {
            Port = 0,
            Peers = 2,
            Supernodes = 1,
            Started = service => addresses[service.App is AppIds.Bootstrap or AppIds.Directory ? release + service.App : service.App] = service.Endpoint,
            Configure = (_, builder) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Invocation:Mode"] = "Dapr",
                ["Invocation:DaprEndpoint"] = sidecar.Endpoint,
                ["Invocation:AppIds:bootstrap"] = release + AppIds.Bootstrap,
                ["Invocation:AppIds:directory"] = release + AppIds.Directory,
            }),
        };

        await using var cloud = await LocalCloud.StartAsync(options, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit);

        Assert.Empty(await cloud.PendingAsync(Limit));
    }
}
