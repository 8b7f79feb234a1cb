using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class WireTests : IAsyncLifetime
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly List<WireContext> _seen = [];
    private Func<PingRequest, Task<PongReply>> _answer = _ => Task.FromResult(new PongReply(true, 3, 42));
    private WebApplication _app = null!;

    private NodeRef Node => new("peer-7", null, _app.Urls.First());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        _app = builder.Build();
        _app.UseServiceDefaults();
        _app.MapWire<PingRequest, PongReply>((request, context, _) =>
        {
            _seen.Add(context);
            return _answer(request);
        });
        await _app.StartAsync(Limit);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_message_and_its_reply_cross_HTTP()
    {
        var reply = await Client.AskAsync(Node, new PingRequest(), TimeSpan.FromSeconds(5), Limit);

        Assert.Equal(new PongReply(true, 3, 42), reply);
    }

    [Fact]
    public async Task A_record_crosses_HTTP_as_it_is_be_it_a_value_an_empty_one_or_a_tombstone()
    {
        List<KeyRecord> received = [];
        byte[]?[] values = [[1, 0, 255], [], null];
        _app.MapWire<KeyCopyRequest, KeyCopyReply>((request, _, _) =>
        {
            received.AddRange(request.Records);
            return Task.FromResult(new KeyCopyReply(true));
        });

        var records = values.Select(value => new KeyRecord(default, "k", new KeyVersion(7, "peer-3#1"), value)).ToList();
        await Client.AskAsync(Node, new KeyCopyRequest(records), TimeSpan.FromSeconds(5), Limit);

        Assert.Equal(values, received.Select(record => record.Value));
    }

    [Fact]
    public async Task A_deletion_crosses_HTTP_as_one()
    {
        KeyWriteRequest? received = null;
        _app.MapWire<KeyWriteRequest, KeyReply>((request, _, _) =>
        {
            received = request;
            return Task.FromResult(new KeyReply(KeyStatus.Ok));
        });

        await Client.AskAsync(Node, new KeyWriteRequest(new KeyVersion(1, "peer-0#0"), "k", null, null, null, false, false, true), TimeSpan.FromSeconds(5), Limit);

        Assert.Null(received!.Value);
    }

    [Fact]
    public async Task The_transport_tells_sender_virtual_node_time_and_trace()
    {
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var sentAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMicroseconds(123_456);
        var sender = new NodeRef("peer-2", 1, "http://127.0.0.1:5");

        await Client.SendAsync(new Outgoing(sender, Node with { VirtualNode = 3 }, new PingRequest(), sentAt, trace), Limit);

        var seen = Assert.Single(_seen);
        Assert.Equal(("peer-2#1", "http://127.0.0.1:5"), (seen.Sender.Name, seen.Sender.Endpoint));
        Assert.Equal(3, seen.VirtualNode);
        Assert.Equal(sentAt, seen.SentAt);
        Assert.Equal((trace.TraceId, trace.SpanId), (seen.Trace.TraceId, seen.Trace.SpanId));
    }

    [Fact]
    public async Task A_body_that_is_no_message_is_refused_with_problem_details()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        using var body = new StringContent("{", Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri("/gnutella/ping", UriKind.Relative), body, Limit);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(Limit);
        Assert.Contains("PingRequest", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_unreachable()
    {
        _answer = _ => throw new NodeUnreachableException("The node is not running.");

        await Assert.ThrowsAsync<NodeUnreachableException>(() => Client.AskAsync(Node, new PingRequest(), TimeSpan.FromSeconds(5), Limit));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_unreachable()
    {
        var never = new TaskCompletionSource<PongReply>();
        _answer = _ => never.Task;

        await Assert.ThrowsAsync<NodeUnreachableException>(() => Client.AskAsync(Node, new PingRequest(), TimeSpan.FromMilliseconds(100), Limit));
        never.SetResult(new PongReply(false, 0, 0));
    }

    [Fact]
    public async Task An_app_id_without_a_known_address_is_unreachable()
    {
        await Assert.ThrowsAsync<NodeUnreachableException>(
            () => Client.AskAsync(new NodeRef("peer-99"), new PingRequest(), TimeSpan.FromSeconds(5), Limit));
    }

    private WireClient Client => new(_app.Services.GetRequiredService<HttpMessageInvoker>(), TimeProvider.System);
}
