using System.Diagnostics;
using System.Net;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Services.Tests.Http;

[Collection(RedisTests.Name)]
public sealed class DirectoryServiceTests(RedisFixture redis) : IAsyncLifetime
{
    private static readonly SharedFile Song = new(new string('a', 64), "Hey Jude.mp3", 5);

    private ServiceHost _service = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.ClearAsync();
        _service = await ServiceHost.StartAsync(AppIds.Directory, DirectoryService.Add, DirectoryService.Map, redis.Address);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_session_from_login_to_logout_crosses_HTTP()
    {
        var posting = Posting.Of(Song, "peer-1");

        Assert.Equal(new SessionReply(false, 30_000), await _service.AskAsync(new LoginRequest("peer-1", 1)));
        Assert.False((await _service.AskAsync(new ShareRequest("peer-1", 1, [Song]))).Gone);
        Assert.False((await _service.AskAsync(new KeepAliveRequest("peer-1", 1))).Gone);
        Assert.Equal([posting], (await _service.AskAsync(new SearchRequest("1", "jude", 10))).Postings);
        Assert.Equal([posting], (await _service.AskAsync(new SourcesRequest(Song.ContentId))).Postings);
        Assert.Equal([posting], (await _service.AskAsync(new ListRequest(10, null))).Postings);
        Assert.False((await _service.AskAsync(new UnshareRequest("peer-1", 1, [Song.ContentId]))).Gone);
        Assert.Empty((await _service.AskAsync(new SearchRequest("1", "jude", 10))).Postings);
        await _service.AskAsync(new LogoutRequest("peer-1", 1));
        Assert.True((await _service.AskAsync(new KeepAliveRequest("peer-1", 1))).Gone);
    }

    [Fact]
    public async Task A_search_is_one_hop_below_the_span_of_its_asker()
    {
        using var source = new ActivitySource("test");
        List<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source || candidate.Name == TelemetryNames.Overlays,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var asker = source.StartActivity("asker");

        await _service.AskAsync(new SearchRequest("lookup-1", "jude", 10));

        await Eventually.BecomesTrueAsync(() => Task.FromResult(ended.Count > 0), "the span ends");
        var hop = Assert.Single(ended);
        Assert.Equal(("napster.hop", asker!.SpanId), (hop.OperationName, hop.ParentSpanId));
        Assert.Equal(("lookup-1", AppIds.Directory), (hop.GetTagItem("p2p.lookup.id"), hop.GetTagItem("p2p.next")));
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_refused()
    {
        using var response = await _service.PostAsync(
            "/napster/search", $$"""{"lookupId":"1","query":"{{new string('a', 257)}}","limit":1}""");

        await Problems.AssertAsync(response, HttpStatusCode.BadRequest, "256");
    }

    [Fact]
    public async Task A_body_that_is_no_message_is_refused()
    {
        using var response = await _service.PostAsync("/napster/share", """{"peer":"peer-1","incarnation":1}""");

        await Problems.AssertAsync(response, HttpStatusCode.BadRequest, "ShareRequest");
    }
}
