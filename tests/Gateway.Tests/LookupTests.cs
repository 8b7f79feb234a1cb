using System.Diagnostics;
using System.Net;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

public sealed class LookupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("napster")]
    [InlineData("gnutella")]
    [InlineData("kazaa")]
    [InlineData("chord")]
    public async Task A_lookup_of_each_technique_is_answered_by_the_entry_peer(string technique)
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;

        var response = await cloud.GetAsync($"/api/v1/lookups?q=hey+jude&technique={technique}&from=peer-1");
        var result = await response.ReadAsync<LookupResult>();

        Assert.Equal((technique, "hey jude", "peer-1"), (result.Technique, result.Query, result.From));
        Assert.Single(result.Hops);
    }

    [Fact]
    public async Task Mode_and_limit_reach_the_entry_peer_and_from_does_not()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;

        await cloud.GetAsync("/api/v1/lookups?q=a%26b%C3%BC&technique=chord&mode=iterative&limit=7&from=peer-0");

        var query = Assert.Single(peers[0].Requests).Query;
        Assert.Equal(("a&bü", "chord", "iterative", "7"), (query["q"], query["technique"], query["mode"], query["limit"]));
        Assert.False(query.ContainsKey("from"));
    }

    [Fact]
    public async Task Without_from_the_joined_peers_take_turns()
    {
        var (cloud, _) = await FakeCloud.StartAsync(3);
        await using var owned = cloud;
        await cloud.AddPeerAsync("peer-3", joined: false);
        await cloud.GetAsync("/api/v1/topology");

        var entries = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            entries.Add((await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ReadAsync<LookupResult>()).From);
        }

        Assert.Equal(["peer-0", "peer-1", "peer-2"], entries.Distinct().Order());
        Assert.All(entries.CountBy(entry => entry), count => Assert.Equal(2, count.Value));
    }

    [Theory]
    [InlineData("q=&technique=chord", "empty")]
    [InlineData("technique=chord", "empty")]
    [InlineData("q=%20%20&technique=chord", "empty")]
    [InlineData("q=!!&technique=chord", "letter")]
    [InlineData("q=x", "napster, gnutella, kazaa, chord")]
    [InlineData("q=x&technique=magic", "napster, gnutella, kazaa, chord")]
    [InlineData("q=x&technique=chord&mode=magic", "recursive, iterative")]
    [InlineData("q=x&technique=chord&mode=flood", "recursive, iterative")]
    [InlineData("q=x&technique=chord&mode=Recursive", "recursive, iterative")]
    [InlineData("q=x&technique=gnutella&mode=iterative", "flood, expanding-ring, random-walk")]
    [InlineData("q=x&technique=napster&mode=flood", "napster has no modes")]
    [InlineData("q=x&technique=chord&limit=0", "1 to 100")]
    [InlineData("q=x&technique=chord&limit=101", "1 to 100")]
    [InlineData("q=x&technique=chord&limit=many", "1 to 100")]
    [InlineData("q=x&technique=chord&from=peer-77", "peer-0, peer-1")]
    public async Task A_bad_parameter_is_refused_with_what_would_be_right(string query, string expected)
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;

        var detail = await (await cloud.GetAsync($"/api/v1/lookups?{query}")).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Contains(expected, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, HttpStatusCode.OK)]
    [InlineData(257, HttpStatusCode.BadRequest)]
    public async Task A_query_has_at_most_256_characters(int length, HttpStatusCode expected)
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        var response = await cloud.GetAsync($"/api/v1/lookups?q={new string('x', length)}&technique=chord");

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_peer_is_refused_with_at_most_20_names()
    {
        var (cloud, _) = await FakeCloud.StartAsync(23);
        await using var owned = cloud;

        var response = await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=nobody");
        var detail = await response.ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Contains("peer-19 and 3 more", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("peer-20", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_entry_peer_that_nobody_named_is_replaced()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-1");
        await cloud.GetAsync("/api/v1/topology");

        for (var i = 0; i < 4; i++)
        {
            var result = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ReadAsync<LookupResult>();
            Assert.Equal("peer-0", result.From);
        }
    }

    [Fact]
    public async Task A_lookup_survives_that_several_entry_peers_are_gone_at_once()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        for (var number = 1; number < 6; number++)
        {
            await cloud.AddDeadPeerAsync($"peer-{number}");
        }

        await cloud.GetAsync("/api/v1/topology");

        for (var i = 0; i < 2; i++)
        {
            var result = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ReadAsync<LookupResult>();
            Assert.Equal("peer-0", result.From);
        }
    }

    [Fact]
    public async Task Entry_peers_are_not_asked_without_end()
    {
        var cloud = new FakeCloud();
        await using var owned = cloud;
        for (var number = 0; number < 20; number++)
        {
            await cloud.AddDeadPeerAsync($"peer-{number}");
        }

        await cloud.StartGatewayAsync();

        var detail = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ProblemAsync(HttpStatusCode.BadGateway);

        Assert.Equal(8, detail.Split("peer-").Length - 1);
    }

    [Fact]
    public async Task A_dead_entry_peer_that_was_named_is_a_bad_gateway()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-1");

        var response = await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-1");
        var detail = await response.ProblemAsync(HttpStatusCode.BadGateway);

        Assert.StartsWith("peer-1 did not answer", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_peer_that_hangs_is_given_up_after_the_time_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2, ("Gateway:LookupTimeout", "00:00:00.500"));
        await using var owned = cloud;
        peers[0].Before = HangAsync;
        peers[1].Before = HangAsync;

        var detail = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ProblemAsync(HttpStatusCode.BadGateway);

        Assert.Contains("did not answer", detail, StringComparison.Ordinal);
        Assert.Equal(2, peers.Sum(peer => peer.Requests.Count));
    }

    [Fact]
    public async Task An_entry_peer_that_hangs_is_given_up_long_before_the_time_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2, ProbedSoon);
        await using var owned = cloud;
        peers[0].Before = HangAsync;

        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);

        Assert.Contains(peers[0].Requests, request => request.Path == "/lookups");
    }

    [Fact]
    public async Task An_entry_peer_that_works_for_long_is_waited_for()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1, ProbedSoon);
        await using var owned = cloud;
        var probes = 0;
        var probed = new TaskCompletionSource();
        peers[0].Before = async http =>
        {
            if (http.Request.Path == "/state" && Interlocked.Increment(ref probes) == 4)
            {
                probed.SetResult();
            }

            await (http.Request.Path == "/lookups" ? probed.Task : Task.CompletedTask);
            return false;
        };

        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).StatusCode);
    }

    [Fact]
    public async Task A_named_peer_that_is_not_ready_answers_for_itself()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2);
        await using var owned = cloud;
        peers[1].Before = http => RefuseAsync(http, 503, "The ring does not answer.");

        var response = await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-1");
        var detail = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Equal("The ring does not answer.", detail);
    }

    [Fact]
    public async Task Headers_between_nodes_neither_come_in_nor_go_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/lookups?q=x&technique=chord");
        request.Headers.Add("dapr-app-id", "bootstrap");
        request.Headers.Add("p2p-sender", "peer-666");
        request.Headers.Add("Cookie", "a=b");
        request.Headers.Add("baggage", "not a baggage");

        var response = await cloud.Client.SendAsync(request, Token);

        var headers = Assert.Single(peers[0].Requests).Headers;
        Assert.DoesNotContain(headers.Keys, name => name.StartsWith("dapr-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("p2p-", StringComparison.OrdinalIgnoreCase) || name is "Cookie" or "baggage");
        Assert.False(response.Headers.Contains("p2p-inner"));
    }

    [Fact]
    public async Task The_clients_trace_goes_on_to_the_entry_peer_through_the_gateways_span()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var (cloud, peers) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/lookups?q=x&technique=chord");
        request.Headers.Add("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");

        await cloud.Client.SendAsync(request, Token);

        var forwarded = Assert.Single(peers[0].Requests).Headers["traceparent"];
        Assert.StartsWith("00-11111111111111111111111111111111-", forwarded, StringComparison.Ordinal);
        Assert.DoesNotContain("2222222222222222", forwarded, StringComparison.Ordinal);
    }

    /// <summary>Settings with which peers are probed soon, and a time-out that a test does not wait for.</summary>
    internal static readonly (string, string)[] ProbedSoon =
    [
        ("Gateway:ProbeAfter", "00:00:00.050"),
        ("Gateway:StateTimeout", "00:00:01"),
        ("Gateway:LookupTimeout", "00:05:00"),
        ("Gateway:KeyTimeout", "00:05:00"),
    ];

    internal static async Task<bool> HangAsync(Microsoft.AspNetCore.Http.HttpContext http)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
        return true;
    }

    internal static Task<bool> BreakOffAsync(Microsoft.AspNetCore.Http.HttpContext http)
    {
        http.Abort();
        return Task.FromResult(true);
    }

    internal static async Task<bool> RefuseAsync(Microsoft.AspNetCore.Http.HttpContext http, int status, string detail)
    {
        await Microsoft.AspNetCore.Http.Results.Problem(detail, statusCode: status).ExecuteAsync(http);
        return true;
    }
}
