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

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly byte[] Story = "through two sidecars"u8.ToArray();

    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);
    private SidecarCloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        _bound.CancelAfter(TimeSpan.FromMinutes(2));
        _cloud = await SidecarCloud.StartAsync(new SidecarCloudOptions { Peers = Peers }, _bound.Token);
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
    public async Task A_write_whose_answers_are_lost_is_carried_out_twice_and_applied_once()
    {
        for (var number = 0; number < 20; number++)
        {
            for (var peer = 0; peer < Peers; peer++)
            {
                _cloud.SidecarOf(AppIds.Peer(peer)).LoseAnswers(1);
            }

            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/keys/once-{number}") { Content = new StringContent("value") };
            request.Headers.Add("If-None-Match", "*");
            using var response = await _cloud.Http.SendAsync(request, _bound.Token);

            // Carried out twice, the second time would find the first one's value.
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_peer_that_comes_back_at_another_address_is_reached_under_its_name()
    {
        await _cloud.MovePeerAsync(3, _bound.Token);
        await _cloud.Cloud.WaitUntilReadyAsync(_bound.Token);

        foreach (var technique in Techniques.All)
        {
            await EventuallyFoundAsync(technique, from: "peer-3");
        }
    }

    [Fact]
    public async Task With_a_peer_whose_connections_hang_lookups_and_keys_are_answered()
    {
        _cloud.BlackHole("peer-6");

        foreach (var technique in Techniques.All)
        {
            await EventuallyFoundAsync(technique, from: "peer-7");
        }

        await _cloud.Http.PutKeyAsync("hanging", "value", _bound.Token);
        Assert.Equal((HttpStatusCode.OK, "value"), await _cloud.Http.GetKeyAsync("hanging", _bound.Token, from: "peer-1"));
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

        var trace = await TraceAsync(spans, found);
        var ids = trace.Select(span => span.SpanId).ToHashSet();
        Assert.Single(trace, span => !ids.Contains(span.ParentSpanId));
        Assert.All(
            trace.Where(span => span.Source.Name == Spans.Source && span.Kind is ActivityKind.Server),
            server => Assert.Contains(trace, client => client.SpanId == server.ParentSpanId && client.Kind is ActivityKind.Client));
        Assert.True(trace.Count(span => span.Source.Name == Spans.Source) >= 2 * found.Hops.Count(hop => !hop.Local));
    }

    /// <summary>The spans of an answer, once those that began before the answer was there have ended, too.</summary>
    private async Task<List<Activity>> TraceAsync(List<Activity> spans, LookupResult found)
    {
        while (true)
        {
            lock (spans)
            {
                var trace = spans.Where(span => span.TraceId.ToHexString() == found.TraceId).ToList();
                var ids = trace.Select(span => span.SpanId).ToHashSet();
                if (trace.Count(span => span.Source.Name == Spans.Source) >= 2 * found.Hops.Count(hop => !hop.Local)
                    && trace.Count(span => !ids.Contains(span.ParentSpanId)) == 1)
                {
                    return trace;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _bound.Token);
        }
    }

    private async Task EventuallyFoundAsync(string technique, string from)
    {
        while (true)
        {
            try
            {
                var found = await _cloud.Http.LookupAsync("sidecar", technique, _bound.Token, from);
                if (found.Matches.Count == 1)
                {
                    return;
                }
            }
            catch (HttpRequestException failure) when (failure.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway)
            {
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _bound.Token);
        }
    }
}
