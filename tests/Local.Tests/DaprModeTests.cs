using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Sidecar;

namespace P2PCloud.Local.Tests;

/// <summary>The whole cloud through sidecars that know only app ids, two for each call.</summary>
public sealed class DaprModeTests : IAsyncLifetime
{
    private const int Peers = 8;

    /// <summary>From a failed attempt to the next one.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Failed attempts are repeated after 0.1 s, and nodes find a neighbour that has come back at their next rounds.</summary>
    private static readonly TimeSpan MovedWithin = TimeSpan.FromSeconds(8);

    /// <summary>So long the cloud may take to be well with a peer that hangs; each operation on it has time-outs below.</summary>
    private static readonly TimeSpan HangingWithin = TimeSpan.FromSeconds(20);

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly byte[] Story = "through two sidecars"u8.ToArray();

    private readonly RetryClock _gatewayTime = new();
    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);
    private SidecarCloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        _bound.CancelAfter(TimeSpan.FromMinutes(2));
        _cloud = await SidecarCloud.StartAsync(
            new SidecarCloudOptions
            {
                Peers = Peers,
                Sidecar = (app, settings) => settings with
                {
                    // An address that is not evicted would be found by its age otherwise.
                    AddressAge = TimeSpan.FromHours(1),
                    RetryInterval = RetryInterval,
                    Time = app == AppIds.Gateway ? _gatewayTime : settings.Time,
                },
            },
            _bound.Token);
        using var body = new ByteArrayContent(Story);
        using var put = await _cloud.Http.PutAsync(new Uri("/api/v1/files?name=Sidecar%20Story.txt&peer=peer-2", UriKind.Relative), body, _bound.Token);
        put.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        _bound.Dispose();
    }

    [Fact]
    public async Task All_techniques_find_a_file_and_it_is_fetched()
    {
        foreach (var technique in Techniques.All)
        {
            var found = await _cloud.Http.LookupAsync("sidecar", technique, _bound.Token, from: "peer-7");
            Assert.Equal("peer-2", Assert.Single(Assert.Single(found.Matches).Providers).Peer);
        }

        var contentId = Convert.ToHexStringLower(SHA256.HashData(Story));
        Assert.Equal(Story, await _cloud.Http.GetByteArrayAsync(new Uri($"/api/v1/files/{contentId}", UriKind.Relative), _bound.Token));
        Assert.All(Enumerable.Range(0, Peers), number => Assert.True(_cloud.SidecarOf(AppIds.Peer(number)).Calls > 0));
    }

    [Fact]
    public async Task A_key_is_written_read_elsewhere_and_deleted()
    {
        await _cloud.Http.PutKeyAsync("greeting", "hey jude", _bound.Token);
        var read = await _cloud.Http.GetKeyAsync("greeting", _bound.Token, from: "peer-5");
        using var deleted = await _cloud.Http.DeleteAsync(new Uri("/api/v1/keys/greeting", UriKind.Relative), _bound.Token);
        var missing = await _cloud.Http.GetKeyAsync("greeting", _bound.Token, from: "peer-6");

        Assert.Equal((HttpStatusCode.OK, "hey jude"), read);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    [Fact]
    public async Task Services_take_nothing_from_others_than_their_sidecars_and_sidecars_nothing_from_others_than_their_services()
    {
        using var http = new HttpClient();
        var peer = _cloud.Cloud.Services.First(service => service.App == AppIds.Peer(1)).Endpoint;

        using var service = await http.GetAsync(new Uri($"{peer}/state"), _bound.Token);
        using var sidecar = await http.GetAsync(new Uri($"{_cloud.SidecarOf(AppIds.Peer(1)).Api}/v1.0/invoke/peer-2/method/state"), _bound.Token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (service.StatusCode, sidecar.StatusCode));
    }

    [Fact]
    public async Task A_conditional_write_whose_answers_are_lost_is_carried_out_twice_and_applied_once()
    {
        const int writes = 20;
        for (var number = 0; number < writes; number++)
        {
            LoseAnswers("/keys", "/chord/key-write");
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/keys/once-{number}") { Content = new StringContent("value") };
            request.Headers.Add("If-None-Match", "*");
            using var response = await _cloud.Http.SendAsync(request, _bound.Token);

            // Applied twice, the second time would find the first one's value.
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(writes, Repeats("/keys"));
        Assert.NotEqual(0, Repeats("/chord/key-write"));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_carried_out_twice_and_does_not_replace_what_was_written_between()
    {
        LoseAnswers("/keys");
        var held = _gatewayTime.HoldRetryAsync();
        var first = _cloud.Http.PutKeyAsync("between", "first", _bound.Token);
        var retry = await held.WaitAsync(_bound.Token);
        foreach (var entry in Entries)
        {
            entry.LoseAnswers(0, "/keys");
        }

        await _cloud.Http.PutKeyAsync("between", "second", _bound.Token);
        Assert.Equal(0, Repeats("/keys"));
        RetryClock.LetGo(retry);
        await first;

        Assert.Equal(1, Repeats("/keys"));
        Assert.Equal((HttpStatusCode.OK, "second"), await _cloud.Http.GetKeyAsync("between", _bound.Token));
    }

    [Fact]
    public async Task A_file_whose_sharing_is_carried_out_twice_is_there_once()
    {
        LoseAnswers("/files", "/napster/share", "/kazaa/upload", "/chord/store");
        using var body = new ByteArrayContent("shared once"u8.ToArray());

        using var put = await _cloud.Http.PutAsync(new Uri("/api/v1/files?name=Repeated.txt&peer=peer-4", UriKind.Relative), body, _bound.Token);

        put.EnsureSuccessStatusCode();
        foreach (var technique in Techniques.All)
        {
            var found = await FoundWithinAsync(HangingWithin, technique, from: "peer-7", "repeated");
            Assert.Equal("peer-4", Assert.Single(found.Matches[0].Providers).Peer);
        }

        Assert.Single(await _cloud.Http.ListFilesAsync(_bound.Token), file => file.Name == "Repeated.txt");
        var topology = await _cloud.Http.TopologyAsync(_bound.Token);
        Assert.Equal(1, topology.Peers.Single(peer => peer.Peer == "peer-4").Files);
        Assert.All((string[])["/files", "/napster/share", "/kazaa/upload", "/chord/store"], path => Assert.NotEqual(0, Repeats(path)));
    }

    [Fact]
    public async Task A_peer_that_comes_back_at_another_address_is_reached_under_its_name()
    {
        var before = _cloud.SidecarOf(AppIds.Peer(3)).Internal;
        await _cloud.MovePeerAsync(3, _bound.Token);
        Assert.NotEqual(before, _cloud.SidecarOf(AppIds.Peer(3)).Internal);
        var since = Stopwatch.StartNew();
        await _cloud.Cloud.WaitUntilReadyAsync(_bound.Token);

        foreach (var technique in Techniques.All)
        {
            await FoundWithinAsync(MovedWithin - since.Elapsed, technique, from: "peer-3");
        }
    }

    [Fact]
    public async Task With_a_peer_whose_connections_hang_lookups_and_keys_are_answered()
    {
        _cloud.BlackHole("peer-6");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_bound.Token);
        limit.CancelAfter(HangingWithin);

        foreach (var technique in Techniques.All)
        {
            await FoundWithinAsync(HangingWithin, technique, from: "peer-7");
        }

        await _cloud.Http.PutKeyAsync("hanging", "value", limit.Token);
        Assert.Equal((HttpStatusCode.OK, "value"), await _cloud.Http.GetKeyAsync("hanging", limit.Token, from: "peer-1"));
    }

    [Theory]
    [InlineData(Techniques.Napster)]
    [InlineData(Techniques.Gnutella)]
    [InlineData(Techniques.Kazaa)]
    [InlineData(Techniques.Chord)]
    public async Task A_lookup_is_one_trace_with_the_sidecars_spans_in_it(string technique)
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (spans)
                {
                    spans.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        var found = await _cloud.Http.LookupAsync("sidecar", technique, _bound.Token, from: "peer-7");

        Assert.Contains(found.Hops, hop => !hop.Local);
        var trace = await TraceAsync(spans, found);
        var ids = trace.Select(span => span.SpanId).ToHashSet();
        Assert.Single(trace, span => !ids.Contains(span.ParentSpanId));
        var clients = Sidecars(trace, ActivityKind.Client);
        var servers = Sidecars(trace, ActivityKind.Server);
        Assert.True(clients.Count >= found.Hops.Count(hop => !hop.Local));
        Assert.Equal(clients.Select(client => client.SpanId.ToHexString()).Order(), servers.Select(server => server.ParentSpanId.ToHexString()).Order());
    }

    private static List<Activity> Sidecars(List<Activity> trace, ActivityKind kind) =>
        [.. trace.Where(span => span.Source.Name == Spans.Source && span.Kind == kind)];

    /// <summary>The spans of an answer, once those that began before the answer was there have ended, too; what there is when they do not end.</summary>
    private async Task<List<Activity>> TraceAsync(List<Activity> spans, LookupResult found)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            lock (spans)
            {
                var trace = spans.Where(span => span.TraceId.ToHexString() == found.TraceId).ToList();
                var ids = trace.Select(span => span.SpanId).ToHashSet();
                var clients = Sidecars(trace, ActivityKind.Client).Count;
                if ((clients >= found.Hops.Count(hop => !hop.Local)
                        && clients == Sidecars(trace, ActivityKind.Server).Count
                        && trace.Count(span => !ids.Contains(span.ParentSpanId)) == 1)
                    || since.Elapsed > MovedWithin)
                {
                    return trace;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _bound.Token);
        }
    }

    /// <summary>The sidecars of all peers.</summary>
    private IEnumerable<SidecarDouble> Entries => Enumerable.Range(0, Peers).Select(number => _cloud.SidecarOf(AppIds.Peer(number)));

    /// <summary>Those of all nodes and of the directory.</summary>
    private IEnumerable<SidecarDouble> Callees =>
        [.. Entries, .. Enumerable.Range(0, new LocalCloudOptions().Supernodes).Select(number => _cloud.SidecarOf(AppIds.Supernode(number))), _cloud.SidecarOf(AppIds.Directory)];

    private void LoseAnswers(params string[] paths)
    {
        foreach (var (sidecar, path) in Callees.SelectMany(_ => paths, (sidecar, path) => (sidecar, path)))
        {
            sidecar.LoseAnswers(1, path);
        }
    }

    private int Repeats(string path) => Callees.Sum(sidecar => sidecar.Repeats.Count(repeated => repeated == path));

    /// <summary>Asks until the one file is found; a cloud that is on its way to be well may answer that it does not know.</summary>
    private async Task<LookupResult> FoundWithinAsync(TimeSpan limit, string technique, string from, string query = "sidecar")
    {
        var since = Stopwatch.StartNew();
        var last = "";
        while (since.Elapsed < limit)
        {
            try
            {
                var found = await _cloud.Http.LookupAsync(query, technique, _bound.Token, from);
                if (found.Matches.Count == 1 && since.Elapsed < limit)
                {
                    return found;
                }

                last = $"{found.Matches.Count} matches";
            }
            catch (HttpRequestException failure) when (failure.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway)
            {
                last = failure.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _bound.Token);
        }

        throw new TimeoutException($"{technique} has not found the file within {limit}: {last}");
    }

    /// <summary>A sidecar's clock, on which the wait for another attempt can be made to last.</summary>
    private sealed class RetryClock : TimeProvider
    {
        private TaskCompletionSource<ITimer>? _hold;

        /// <summary>Has the next wait for another attempt last until it is let go.</summary>
        /// <returns>The wait, once it has begun.</returns>
        public Task<ITimer> HoldRetryAsync()
        {
            var hold = new TaskCompletionSource<ITimer>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _hold, hold);
            return hold.Task;
        }

        public static void LetGo(ITimer retry) => retry.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        /// <inheritdoc/>
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != RetryInterval || Interlocked.Exchange(ref _hold, null) is not { } hold)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            var timer = base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            hold.SetResult(timer);
            return timer;
        }
    }
}
