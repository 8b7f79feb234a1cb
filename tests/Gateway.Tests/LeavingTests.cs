using System.Net;
using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Gateway.Tests.Fakes;
using static P2PCloud.Gateway.Tests.Fakes.KeyRequests;

namespace P2PCloud.Gateway.Tests;

/// <summary>Entry peers that are leaving the cloud, and that the gateway does not know of yet.</summary>
public sealed class LeavingTests
{
    public static TheoryData<string> Methods => ["GET", "PUT", "DELETE"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_operation_on_a_key_goes_to_the_one_that_stays(string method)
    {
        await using var cloud = await StartAsync(leaving: 3);
        var written = method == "PUT" ? (byte[])[1] : null;

        var response = await SendAsync(cloud, new HttpMethod(method), "k", written);

        Assert.True(response.IsSuccessStatusCode, $"{response}");
    }

    [Fact]
    public async Task A_named_one_is_not_replaced_and_says_that_it_has_done_nothing()
    {
        await using var cloud = await StartAsync(leaving: 1);

        var response = await SendAsync(cloud, HttpMethod.Put, "k?from=peer-0", [1]);

        Assert.Contains("is leaving the cloud and has done nothing", await response.ProblemAsync(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_lookup_goes_to_the_one_that_stays()
    {
        foreach (var technique in Techniques.All)
        {
            await using var cloud = await StartAsync(leaving: 3);

            Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync($"/api/v1/lookups?q=x&technique={technique}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_lookup_that_another_one_has_failed_goes_to_the_one_that_stays_all_the_same()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(4);
        await using var owned = cloud;
        peers[1].Before = http => LookupTests.RefuseAsync(http, 503, "This peer has not joined yet.");
        peers[2].Before = peers[3].Before = RefuseAsync;

        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);
    }

    [Fact]
    public async Task A_read_that_others_have_failed_ends_as_theirs()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(3);
        await using var owned = cloud;
        peers[1].KeyAnswer = new KeyAnswer(KeyOutcomes.Leaving);
        foreach (var peer in peers.Where(peer => peer != peers[1]))
        {
            peer.Before = LookupTests.BreakOffAsync;
        }

        await (await SendAsync(cloud, HttpMethod.Get, "k")).ProblemAsync(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_lookup_at_a_named_one_gets_its_refusal()
    {
        await using var cloud = await StartAsync(leaving: 1);

        var detail = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-0")).ProblemAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Equal("This peer is leaving.", detail);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task An_upload_goes_to_the_one_that_stays(int bytes)
    {
        await using var cloud = await StartAsync(leaving: 3);

        var shared = await (await cloud.PutAsync("/api/v1/files?name=a", new ByteArrayContent(new byte[bytes]))).ReadAsync<Posting>();

        Assert.Equal(("peer-3", bytes), (shared.Peer, shared.Size));
    }

    /// <summary>The turn begins with a leaving one.</summary>
    private static async Task<FakeCloud> StartAsync(int leaving)
    {
        var (cloud, peers) = await FakeCloud.StartAsync(leaving + 1);
        foreach (var peer in peers[..leaving])
        {
            peer.KeyAnswer = new KeyAnswer(KeyOutcomes.Leaving);
            peer.Before = RefuseAsync;
        }

        peers[leaving].KeyAnswer = new KeyAnswer(KeyOutcomes.Ok, new KeyVersion(7, "peer-3#1"), [1]);
        return cloud;
    }

    private static async Task<bool> RefuseAsync(HttpContext http)
    {
        if (http.Request.Path == "/keys")
        {
            return false;
        }

        http.Response.Headers[WireHeaders.Leaving] = "true";
        return await LookupTests.RefuseAsync(http, 503, "This peer is leaving.");
    }
}
