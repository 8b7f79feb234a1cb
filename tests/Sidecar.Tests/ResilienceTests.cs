using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar.Tests;

public sealed class ResilienceTests
{
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly WatchedTime _time = new();
    private readonly ConcurrentQueue<EndedCall> _ended = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_takes_longer_than_the_time_out_is_500()
    {
        await using var pair = await StartAsync(settings => settings with { CallTimeout = TimeSpan.FromSeconds(10) });
        var asked = pair.App.HangAsync();

        var call = pair.GetAsync("/state");
        await asked;
        _time.Advance(TimeSpan.FromSeconds(10));
        using var response = await call;

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(new EndedCall(Pair.Caller, Pair.Callee, "GET", "/state", CallEnd.Timeout), Assert.Single(_ended));
    }

    [Fact]
    public async Task The_time_out_bounds_all_attempts_together()
    {
        await using var pair = await StartAsync(settings => settings with { CallTimeout = TimeSpan.FromSeconds(10), RetryInterval = TimeSpan.FromSeconds(4) });
        await pair.CalleeSidecar.DisposeAsync();

        var call = pair.GetAsync("/state");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await _time.BegunAsync(TimeSpan.FromSeconds(4), attempt);
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        using var response = await call;

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(CallEnd.Timeout, Assert.Single(_ended).By);
        Assert.Equal(3, pair.Resolved.Count);
    }

    [Fact]
    public async Task The_time_out_breaks_off_a_body_that_has_begun()
    {
        await using var pair = await StartAsync(settings => settings with { CallTimeout = TimeSpan.FromSeconds(10) });
        pair.App.Answer = async http =>
        {
            await http.Response.WriteAsync("first", Token);
            await http.Response.Body.FlushAsync(Token);
            await App.NeverAsync(http);
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1.0/invoke/{Pair.Callee}/method/content");

        using var response = await pair.SendAsync(request);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[5], Token);
        _time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAnyAsync<Exception>(() => body.ReadExactlyAsync(new byte[1], Token).AsTask());
        Assert.Equal(CallEnd.Timeout, Assert.Single(_ended).By);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(399, true)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(503, false)]
    public async Task Failures_in_a_row_open_the_breaker_for_some_time(int status, bool isWell)
    {
        await using var pair = await StartAsync(WithBreaker);
        pair.App.Answer = AnswerWith(status);

        for (var call = 0; call < 3; call++)
        {
            using var answer = await pair.GetAsync("/state");
            Assert.Equal(status, (int)answer.StatusCode);
        }

        using var next = await pair.GetAsync("/state");

        Assert.Equal(isWell ? status : 500, (int)next.StatusCode);
        Assert.Equal(isWell ? 4 : 3, pair.App.Requests.Count);
        Assert.Equal(isWell ? [] : [new EndedCall(Pair.Caller, Pair.Callee, "GET", "/state", CallEnd.OpenBreaker)], _ended);
    }

    [Fact]
    public async Task A_success_in_between_keeps_the_breaker_closed()
    {
        await using var pair = await StartAsync(WithBreaker);

        foreach (var status in (int[])[500, 500, 200, 500, 500])
        {
            pair.App.Answer = AnswerWith(status);
            using var answer = await pair.GetAsync("/state");
        }

        Assert.Equal(5, pair.App.Requests.Count);
        Assert.Empty(_ended);
    }

    [Fact]
    public async Task Failures_of_the_interval_before_do_not_count()
    {
        await using var pair = await StartAsync(WithBreaker);
        pair.App.Answer = AnswerWith(500);

        await GetAsync(pair, 2);
        _time.Advance(Interval);
        await GetAsync(pair, 2);

        Assert.Equal(4, pair.App.Requests.Count);
        Assert.Empty(_ended);
    }

    [Fact]
    public async Task Calls_that_do_not_get_through_are_failures()
    {
        await using var pair = await StartAsync(WithBreaker);
        pair.Names.Clear();

        await GetAsync(pair, 3);
        pair.Name(Pair.Callee, pair.CalleeSidecar.Internal);
        await GetAsync(pair, 1);

        Assert.Empty(pair.App.Requests);
        Assert.Equal(CallEnd.OpenBreaker, Assert.Single(_ended).By);
    }

    [Fact]
    public async Task Calls_that_are_given_up_are_failures()
    {
        await using var pair = await StartAsync(WithBreaker);

        // The sidecar sees only later that its app has gone, and a good call until then would have failures counted from anew.
        while (_ended.IsEmpty)
        {
            await GiveUpAsync(pair);
        }

        Assert.True(pair.App.Requests.Count >= 3);
    }

    [Fact]
    public async Task One_trial_closes_the_breaker_or_keeps_it_open()
    {
        await using var pair = await StartAsync(WithBreaker);
        pair.App.Answer = AnswerWith(500);
        await GetAsync(pair, 3);

        _time.Advance(Open);
        await GetAsync(pair, 2);
        Assert.Equal(4, pair.App.Requests.Count);

        _time.Advance(Open);
        pair.App.Answer = AnswerWith(200);
        await GetAsync(pair, 2);
        Assert.Equal(6, pair.App.Requests.Count);
        Assert.Single(_ended);
    }

    [Fact]
    public async Task While_a_trial_is_under_way_other_calls_are_500()
    {
        await using var pair = await StartAsync(WithBreaker);
        pair.App.Answer = AnswerWith(500);
        await GetAsync(pair, 3);
        _time.Advance(Open);
        var asked = new TaskCompletionSource();
        var rest = new TaskCompletionSource();
        pair.App.Answer = _ =>
        {
            asked.SetResult();
            return rest.Task.WaitAsync(Token);
        };

        var trial = pair.GetAsync("/state");
        await asked.Task.WaitAsync(Token);
        using var other = await pair.GetAsync("/state");
        rest.SetResult();
        using var tried = await trial;

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(other));
        Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
    }

    [Fact]
    public async Task Each_route_of_each_callee_has_a_breaker_of_its_own()
    {
        await using var pair = await StartAsync(WithBreaker);
        await using var other = await App.StartAsync(Token);
        await pair.AddAsync("peer-8", other.Address);
        pair.App.Answer = AnswerWith(500);
        await GetAsync(pair, 3);
        pair.App.Answer = AnswerWith(200);

        using var route = await pair.GetAsync("/keys");
        using var callee = await pair.GetAsync("/state", "peer-8");
        using var open = await pair.GetAsync("/state");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.InternalServerError), (route.StatusCode, callee.StatusCode, open.StatusCode));
    }

    private static SidecarSettings WithBreaker(SidecarSettings settings) => settings with { Breaker = new BreakerPolicy(3, Interval, Open) };

    private static RequestDelegate AnswerWith(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task GetAsync(Pair pair, int count)
    {
        for (var call = 0; call < count; call++)
        {
            using var answer = await pair.GetAsync("/state");
        }
    }

    /// <summary>A call that is given up once the app has it, unless the sidecar has answered it before.</summary>
    private static async Task GiveUpAsync(Pair pair)
    {
        var asked = pair.App.HangAsync();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = pair.Http.GetAsync($"/v1.0/invoke/{Pair.Callee}/method/state", giveUp.Token);
        if (await Task.WhenAny(asked, call) == asked)
        {
            await asked;
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            return;
        }

        using var answer = await call;
    }

    private Task<Pair> StartAsync(Func<SidecarSettings, SidecarSettings> configure) =>
        Pair.StartAsync(settings => configure(settings with { Time = _time, Latency = TimeSpan.Zero, Ended = _ended.Enqueue }));
}
