using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar.Tests;

public sealed class PassingTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_of_one_connection_and_binary_ones_stay_behind_and_identities_are_added()
    {
        await using var pair = await Pair.StartAsync();
        using var request = Request();
        request.Headers.Add("Connection", "p2p-mine");
        request.Headers.Add("p2p-mine", "1");
        request.Headers.Add("grpc-trace-bin", "1");
        request.Headers.Add("dapr-caller-app-id", "gateway");
        request.Headers.Add("p2p-other", "2");

        using var response = await pair.SendAsync(request);

        var headers = Assert.Single(pair.App.Requests).Headers;
        Assert.DoesNotContain("p2p-mine", headers.Keys);
        Assert.DoesNotContain("grpc-trace-bin", headers.Keys);
        Assert.Equal("2", headers["p2p-other"]);
        Assert.Equal((Pair.Caller, "default", Pair.Callee),
            (headers["dapr-caller-app-id"], headers["dapr-caller-namespace"], headers["dapr-callee-app-id"]));
        Assert.Equal(
            ("127.0.0.1", Pair.Caller, $"for=127.0.0.1;by=127.0.0.1;host={Pair.Caller}"),
            (headers["X-Forwarded-For"], headers["X-Forwarded-Host"], headers["Forwarded"]));
    }

    [Theory]
    [InlineData("TE", "trailers")]
    [InlineData("Keep-Alive", "timeout=5")]
    [InlineData("Upgrade", "p2p")]
    [InlineData("Trailer", "p2p-end")]
    [InlineData("Proxy-Connection", "keep-alive")]
    [InlineData("Proxy-Authorization", "Basic abc")]
    [InlineData("Proxy-Authenticate", "Basic")]
    public async Task Headers_of_one_hop_stay_behind_both_ways(string name, string value)
    {
        await using var pair = await Pair.StartAsync();
        pair.App.Answer = http =>
        {
            http.Response.Headers[name] = value;
            http.Response.Headers["p2p-note"] = "mine";
            return Task.CompletedTask;
        };
        using var request = Request();
        Assert.True(request.Headers.TryAddWithoutValidation(name, value));

        using var response = await pair.SendAsync(request);

        Assert.DoesNotContain(name, Assert.Single(pair.App.Requests).Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("mine", Assert.Single(response.Headers.GetValues("p2p-note")));
        Assert.DoesNotContain(response.Headers.Concat(response.Content.Headers), header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_sidecar_that_cannot_listen_leaves_no_listener()
    {
        await using var other = await App.StartAsync(Token);
        await using var free = await App.StartAsync(Token);
        var address = free.Address;
        await free.DisposeAsync();
        var settings = new SidecarSettings
        {
            AppId = "peer-9",
            AppAddress = () => null,
            Resolve = (_, _) => ValueTask.FromResult<string?>(null),
            ApiUrl = address,
            InternalUrl = other.Address,
        };

        await Assert.ThrowsAsync<IOException>(() => SidecarDouble.StartAsync(settings, Token));

        await using var again = await App.StartAsync(Token, address);
        Assert.Equal(address, again.Address);
    }

    [Fact]
    public async Task Each_call_gets_a_client_span_and_a_server_span_and_the_app_gets_the_second_as_its_parent()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                if (activity.TraceId.ToHexString() == Trace)
                {
                    lock (spans)
                    {
                        spans.Add(activity);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var pair = await Pair.StartAsync();
        using var request = Request();
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=1");
        request.Headers.Add("baggage", "user=alice;p=1, lesson=7");

        using var response = await pair.SendAsync(request);

        var headers = Assert.Single(pair.App.Requests).Headers;
        Assert.Collection(
            spans,
            client =>
            {
                Assert.Equal((ActivityKind.Client, "b7ad6b7169203331"), (client.Kind, client.ParentSpanId.ToHexString()));
                Assert.Equal("CallLocal/peer-7/state", client.OperationName);
            },
            server => Assert.Equal((ActivityKind.Server, spans[0].SpanId), (server.Kind, server.ParentSpanId)));
        Assert.Equal(spans[1].Id, headers["traceparent"]);
        Assert.Equal("vendor=1", headers["tracestate"]);
        Assert.Equal("user=alice;p=1, lesson=7", headers["baggage"]);
    }

    [Fact]
    public async Task A_baggage_that_cannot_be_read_is_400()
    {
        await using var pair = await Pair.StartAsync();
        using var request = Request();
        request.Headers.Add("baggage", "not a baggage");

        using var response = await pair.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(pair.App.Requests);
    }

    [Fact]
    public async Task The_first_piece_of_an_answer_comes_before_the_last_is_made()
    {
        await using var pair = await Pair.StartAsync();
        var rest = new TaskCompletionSource();
        pair.App.Answer = async http =>
        {
            await http.Response.WriteAsync("first");
            await http.Response.Body.FlushAsync();
            await rest.Task.WaitAsync(Token);
            await http.Response.WriteAsync("last");
        };
        using var request = Request();

        using var response = await pair.SendAsync(request);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[16];
        var first = await body.ReadAsync(buffer, Token);
        rest.SetResult();
        using var reader = new StreamReader(body);

        Assert.Equal("first", System.Text.Encoding.UTF8.GetString(buffer, 0, first));
        Assert.Equal("last", await reader.ReadToEndAsync(Token));
        Assert.Null(response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_apps_token_is_checked_and_taken_off_and_the_callees_is_put_on()
    {
        await using var pair = await Pair.StartAsync(settings => settings with { ApiToken = "api", AppToken = "app" });
        using var with = Request();
        with.Headers.Add("dapr-api-token", "api");
        using var without = Request();

        using var allowed = await pair.SendAsync(with);
        using var refused = await pair.SendAsync(without);
        using var health = await pair.Http.GetAsync("/v1.0/healthz/outbound", Token);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, health.StatusCode);
        Assert.Equal("app", Assert.Single(pair.App.Requests).Headers["dapr-api-token"]);
    }

    [Fact]
    public async Task A_sidecar_is_healthy_when_its_app_listens_and_ready_for_calls_out_before()
    {
        await using var pair = await Pair.StartAsync();
        await using var app = await App.StartAsync(Token);
        var address = app.Address;
        await app.DisposeAsync();
        var sidecar = await pair.AddAsync("peer-9", address);
        using var http = new HttpClient { BaseAddress = new Uri(sidecar.Api) };

        using var early = await http.GetAsync("/v1.0/healthz", Token);
        using var outbound = await http.GetAsync("/v1.0/healthz/outbound", Token);
        await using var again = await App.StartAsync(Token, address);
        using var late = await http.GetAsync("/v1.0/healthz", Token);

        Assert.Equal(HttpStatusCode.InternalServerError, early.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, outbound.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, late.StatusCode);
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Get, $"/v1.0/invoke/{Pair.Callee}/method/state");
}
