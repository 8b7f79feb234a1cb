using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.Sidecar.Tests;

public sealed class HealthTests
{
    private static readonly HealthPolicy Policy = new("/healthz/live") { Threshold = 2 };

    private readonly FakeTimeProvider _time = new();
    private int _status = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_is_given_calls_once_a_probe_was_good()
    {
        await using var pair = await StartAsync(503);
        using var early = await pair.GetAsync("/state");
        await ProbeAsync(pair, 200);
        using var late = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(early));
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Equal(1, pair.CalleeSidecar.Calls);
    }

    [Fact]
    public async Task An_app_whose_probes_fail_is_given_no_calls_and_they_are_not_tried_again()
    {
        await using var pair = await StartAsync(200);
        await ProbeAsync(pair, 500);
        using var before = await pair.GetAsync("/state");
        await ProbeAsync(pair, 500);
        var asked = pair.Resolved.Count;
        using var unwell = await pair.GetAsync("/state");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(unwell));
        Assert.Equal(1, pair.CalleeSidecar.Calls);
        // From the cache: an attempt after this one would have had it resolved again.
        Assert.Equal(asked, pair.Resolved.Count(name => name.Id == Pair.Callee));
    }

    [Fact]
    public async Task Good_probes_between_failures_do_not_matter()
    {
        await using var pair = await StartAsync(200);
        await ProbeAsync(pair, 500);
        await ProbeAsync(pair, 200);
        using var before = await pair.GetAsync("/state");
        await ProbeAsync(pair, 500);
        using var unwell = await pair.GetAsync("/state");
        await ProbeAsync(pair, 200);
        await ProbeAsync(pair, 500);
        using var well = await pair.GetAsync("/state");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.OK), (before.StatusCode, unwell.StatusCode, well.StatusCode));
    }

    [Fact]
    public async Task A_probe_that_takes_too_long_is_a_failure()
    {
        await using var pair = await StartAsync(200, Policy with { Threshold = 1 });
        var asked = pair.App.HangAsync();
        _time.Advance(Policy.Interval);
        await asked;
        pair.App.Answer = _ => Task.CompletedTask;
        _time.Advance(Policy.Timeout);
        await ProbedAsync(pair, 2);

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
    }

    [Fact]
    public async Task An_app_is_kept_from_its_own_calls_as_well()
    {
        await using var pair = await StartAsync(503);
        using var http = new HttpClient { BaseAddress = new Uri(pair.CalleeSidecar.Api) };

        using var response = await http.GetAsync($"/v1.0/invoke/{Pair.Callee}/method/state", Token);

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(0, pair.CalleeSidecar.Calls);
    }

    private static Task ProbedAsync(Pair pair, int count) => Pair.UntilAsync(() => pair.CalleeSidecar.Probes >= count);

    /// <summary>The next probe, to which the app answers with a status.</summary>
    private Task ProbeAsync(Pair pair, int status)
    {
        _status = status;
        var before = pair.CalleeSidecar.Probes;
        _time.Advance(Policy.Interval);
        return ProbedAsync(pair, before + 1);
    }

    /// <summary>With the first probe answered.</summary>
    private async Task<Pair> StartAsync(int status, HealthPolicy? policy = null)
    {
        _status = status;
        var pair = await Pair.StartAsync(
            settings => settings with { Time = _time, Latency = TimeSpan.Zero, Health = settings.AppId == Pair.Callee ? policy ?? Policy : null },
            http =>
            {
                http.Response.StatusCode = http.Request.Path == Policy.Path ? _status : 200;
                return Task.CompletedTask;
            });
        await ProbedAsync(pair, 1);
        return pair;
    }
}
