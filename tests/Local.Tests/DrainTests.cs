using System.Net;
using System.Net.Http.Json;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

/// <summary>A peer that has left its overlays and answers for a while yet, as one that Kubernetes stops.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private const string Leaving = "peer-2";
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    private LocalCloud _cloud = null!;
    private HttpClient _gateway = null!;
    private HttpClient _peer = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Port = 0, Peers = 5, Configure = (_, builder) => builder.Configuration["Node:DrainTime"] = $"{Drain}" }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _gateway = new HttpClient { BaseAddress = _cloud.Gateway };
        _peer = new HttpClient { BaseAddress = new Uri(_cloud.Services.Single(service => service.App == Leaving).Endpoint) };
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        _gateway.Dispose();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task It_takes_up_no_lookup_write_or_upload_and_still_serves_its_files()
    {
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        var file = await UploadAsync();
        var stopping = _cloud.StopServiceAsync(Leaving, hurry.Token);
        await Eventually.HoldsAsync(IsLeavingAsync, Limit);

        foreach (var technique in Techniques.All)
        {
            using var lookup = await _peer.GetAsync(new Uri($"/lookups?q=a&technique={technique}", UriKind.Relative), Limit);
            AssertLeaving(lookup);
        }

        using var value = new StringContent("x");
        using var write = await _peer.PutAsync(new Uri("/keys?key=k", UriKind.Relative), value, Limit);
        Assert.Equal(KeyOutcomes.Leaving, (await write.Content.ReadFromJsonAsync(ContractsJsonContext.Default.KeyAnswer, Limit))!.Outcome);
        using var read = await _peer.GetAsync(new Uri("/keys?key=k", UriKind.Relative), Limit);
        Assert.Equal(KeyOutcomes.Leaving, (await read.Content.ReadFromJsonAsync(ContractsJsonContext.Default.KeyAnswer, Limit))!.Outcome);
        using var upload = await _peer.PutAsync(new Uri("/files?name=late", UriKind.Relative), value, Limit);
        AssertLeaving(upload);
        Assert.Equal("mine", await _peer.GetStringAsync(new Uri($"/content?id={file.ContentId}", UriKind.Relative), Limit));
        await hurry.CancelAsync();
        await stopping;
    }

    [Fact]
    public async Task Nothing_that_clients_ask_fails_while_it_leaves_and_when_it_has()
    {
        var stopping = _cloud.StopServiceAsync(Leaving, Limit);
        var rounds = 0;
        for (; !stopping.IsCompleted || rounds < 10; rounds++)
        {
            await _gateway.PutKeyAsync($"key-{rounds}", $"{rounds}", Limit);
            Assert.Equal((HttpStatusCode.OK, $"{rounds}"), await _gateway.GetKeyAsync($"key-{rounds}", Limit));
            foreach (var technique in Techniques.All)
            {
                await _gateway.LookupAsync("anything", technique, Limit);
            }
        }

        await stopping;
    }

    private async Task<SharedFile> UploadAsync()
    {
        using var content = new StringContent("mine");
        using var response = await _peer.PutAsync(new Uri("/files?name=mine", UriKind.Relative), content, Limit);
        return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.SharedFile, Limit))!;
    }

    private async Task<bool> IsLeavingAsync()
    {
        using var lookup = await _peer.GetAsync(new Uri("/lookups?q=a&technique=chord", UriKind.Relative), Limit);
        return lookup.Headers.Contains(WireHeaders.Leaving);
    }

    private static void AssertLeaving(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.Contains(WireHeaders.Leaving), "It does not say that it is leaving.");
    }
}
