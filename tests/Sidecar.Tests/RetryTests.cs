using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.Sidecar.Tests;

public sealed class RetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_answer_makes_the_app_carry_a_request_out_twice()
    {
        await using var pair = await Pair.StartAsync();
        pair.CalleeSidecar.LoseAnswers(1);
        using var content = new ByteArrayContent([1, 2]);

        using var response = await pair.PostAsync(content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, pair.App.Requests.Count(seen => seen.Body.SequenceEqual(new byte[] { 1, 2 })));
    }

    [Fact]
    public async Task Answers_are_lost_of_the_paths_that_are_named_and_each_further_execution_is_told()
    {
        await using var pair = await Pair.StartAsync();
        pair.CalleeSidecar.LoseAnswers(2, "/keys");

        using var other = await pair.GetAsync("/state");
        using var first = await pair.GetAsync("/keys/write");
        using var second = await pair.GetAsync("/keys");

        Assert.Equal(["/state", "/keys/write", "/keys/write", "/keys/write", "/keys"], pair.App.Requests.Select(seen => seen.Path));
        Assert.Equal(2, pair.CalleeSidecar.LostAnswers);
        Assert.Equal(["/keys/write", "/keys/write"], pair.CalleeSidecar.Repeats);
    }

    [Fact]
    public async Task There_are_four_attempts_and_no_more()
    {
        await using var pair = await Pair.StartAsync();
        pair.CalleeSidecar.LoseAnswers(int.MaxValue);

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(4, pair.App.Requests.Count);
    }

    [Fact]
    public async Task A_chunked_request_is_not_tried_again()
    {
        await using var pair = await Pair.StartAsync();
        pair.CalleeSidecar.LoseAnswers(1);

        using var response = await SendChunkedAsync(pair);

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Single(pair.App.Requests);
    }

    [Fact]
    public async Task A_callee_on_a_new_address_is_found_by_the_next_attempt()
    {
        await using var pair = await Pair.StartAsync();
        using var before = await pair.GetAsync("/state");
        await pair.CalleeSidecar.DisposeAsync();
        await pair.AddAsync(Pair.Callee, pair.App.Address);

        using var after = await pair.GetAsync("/state");

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task For_chunked_requests_alone_an_old_address_stays_until_it_is_20_seconds_old()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        await using var pair = await Pair.StartAsync(settings => settings with { Time = time, Latency = TimeSpan.Zero });
        using var before = await pair.GetAsync("/state");
        await pair.CalleeSidecar.DisposeAsync();
        await pair.AddAsync(Pair.Callee, pair.App.Address, settings => settings with { Time = time, Latency = TimeSpan.Zero });

        using var stale = await SendChunkedAsync(pair);
        time.Advance(TimeSpan.FromSeconds(19));
        using var late = await SendChunkedAsync(pair);
        time.Advance(TimeSpan.FromSeconds(1));
        using var fresh = await SendChunkedAsync(pair);

        Assert.Equal(HttpStatusCode.InternalServerError, stale.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, late.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_hangs_ends_only_when_the_caller_gives_up()
    {
        await using var pair = await Pair.StartAsync(settings => settings with { IsBlackHole = _ => true });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pair.Http.GetAsync($"/v1.0/invoke/{Pair.Callee}/method/state", limit.Token));

        Assert.Empty(pair.App.Requests);
    }

    [Fact]
    public async Task Between_two_attempts_is_the_interval()
    {
        var time = new WatchedTime();
        await using var pair = await Pair.StartAsync(settings => settings with { Time = time, Latency = TimeSpan.Zero, RetryInterval = TimeSpan.FromSeconds(1) });
        pair.CalleeSidecar.LoseAnswers(1);

        var call = pair.GetAsync("/state");
        await time.BegunAsync(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromMilliseconds(999));
        // Whoever moves time carries out what waits for it, up to the request: an attempt begins with its name's resolution.
        Assert.Single(pair.Resolved);
        time.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await call;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, pair.App.Requests.Count);
    }

    [Fact]
    public async Task Each_call_takes_the_added_latency()
    {
        var time = new WatchedTime();
        await using var pair = await Pair.StartAsync(settings => settings with { Time = time, Latency = TimeSpan.FromSeconds(2) });

        var call = pair.GetAsync("/state");
        await time.BegunAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.Empty(pair.Resolved);
        time.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await call;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<HttpResponseMessage> SendChunkedAsync(Pair pair)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.0/invoke/{Pair.Callee}/method/write")
        {
            Content = new StreamContent(new MemoryStream([1, 2])),
        };
        request.Headers.TransferEncodingChunked = true;
        return pair.SendAsync(request);
    }
}
