using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

public sealed class KeyTests : IAsyncLifetime
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly string _data = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_value_that_was_put_at_one_peer_is_read_at_every_other()
    {
        using var put = await PutAsync("greeting/one", "hey jude", "?from=peer-0");
        var written = await put.Content.ReadFromJsonAsync<KeyWritten>(Limit);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.InRange(written!.Copies, 2, 3);
        foreach (var peer in Enumerable.Range(0, 5))
        {
            using var get = await GetAsync($"greeting/one?from=peer-{peer}");
            Assert.Equal("hey jude", await get.Content.ReadAsStringAsync(Limit));
            Assert.Equal(put.Headers.ETag, get.Headers.ETag);
        }
    }

    [Fact]
    public async Task A_key_that_nobody_wrote_is_not_found()
    {
        using var get = await GetAsync("nothing");

        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_version_the_second_is_told_the_current_one()
    {
        using var start = await PutAsync("cas", "0");
        using var first = await PutAsync("cas", "1", "?from=peer-1", start.Headers.ETag);
        using var second = await PutAsync("cas", "2", "?from=peer-2", start.Headers.ETag);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        using var get = await GetAsync("cas");
        Assert.Equal("1", await get.Content.ReadAsStringAsync(Limit));
    }

    [Fact]
    public async Task A_value_is_written_if_absent_once()
    {
        using var first = await PutAsync("lease", "1", condition: EntityTagHeaderValue.Any);
        using var second = await PutAsync("lease", "2", condition: EntityTagHeaderValue.Any);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task A_deleted_key_is_gone_at_every_peer()
    {
        using var put = await PutAsync("gone", "x");
        using var deleted = await _http.DeleteAsync(UriOf("gone?from=peer-3"), Limit);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var peer in Enumerable.Range(0, 5))
        {
            using var get = await GetAsync($"gone?from=peer-{peer}");
            Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        }
    }

    [Fact]
    public async Task A_write_that_comes_twice_under_one_operation_id_is_made_once()
    {
        using var peer = new HttpClient { BaseAddress = new Uri(_cloud.Services.First(service => service.App == "peer-2").Endpoint) };
        var uri = new Uri("/keys?key=twice&ifAbsent=true&operation=1", UriKind.Relative);
        using var value = new ByteArrayContent([1]);
        using var first = await peer.PutAsync(uri, value, Limit);
        using var again = new ByteArrayContent([1]);
        using var second = await peer.PutAsync(uri, again, Limit);

        Assert.Equal(await first.Content.ReadAsStringAsync(Limit), await second.Content.ReadAsStringAsync(Limit));
        Assert.Equal(KeyOutcomes.Ok, (await second.Content.ReadFromJsonAsync<KeyAnswer>(Limit))!.Outcome);
    }

    [Fact]
    public async Task A_cloud_with_a_folder_for_data_has_its_keys_after_a_restart()
    {
        for (var i = 0; i < 20; i++)
        {
            using var put = await PutAsync($"kept/{i}", $"{i}");
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }

        using var deleted = await _http.DeleteAsync(UriOf("kept/7"), Limit);
        _http.Dispose();
        await _cloud.StopAsync(Limit);
        await _cloud.DisposeAsync();
        await StartAsync();

        for (var i = 0; i < 20; i++)
        {
            using var get = await GetAsync($"kept/{i}");
            Assert.Equal(i is 7 ? HttpStatusCode.NotFound : HttpStatusCode.OK, get.StatusCode);
        }
    }

    [Fact]
    public async Task A_cloud_that_was_killed_has_what_it_acknowledged_after_a_restart()
    {
        using var put = await PutAsync("acknowledged", "x");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        _http.Dispose();
        await _cloud.DisposeAsync();
        await StartAsync();

        using var get = await GetAsync("acknowledged");

        Assert.Equal(put.Headers.ETag, get.Headers.ETag);
    }

    private static Uri UriOf(string keyAndQuery) => new($"/api/v1/keys/{keyAndQuery}", UriKind.Relative);

    private async ValueTask StartAsync()
    {
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 5, Supernodes = 1, VirtualNodes = 2, Port = 0, DataFolder = _data }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
    }

    private Task<HttpResponseMessage> GetAsync(string keyAndQuery) => _http.GetAsync(UriOf(keyAndQuery), Limit);

    /// <param name="key">In the path as it is.</param>
    /// <param name="value">Text.</param>
    /// <param name="query">With its question mark.</param>
    /// <param name="condition">A version for If-Match; any for If-None-Match: *.</param>
    private async Task<HttpResponseMessage> PutAsync(string key, string value, string query = "", EntityTagHeaderValue? condition = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, UriOf($"{key}{query}")) { Content = new StringContent(value) };
        if (condition is not null)
        {
            (condition.Equals(EntityTagHeaderValue.Any) ? request.Headers.IfNoneMatch : request.Headers.IfMatch).Add(condition);
        }

        return await _http.SendAsync(request, Limit);
    }
}
