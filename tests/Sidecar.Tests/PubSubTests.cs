using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar.Tests;

public sealed class PubSubTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_comes_in_an_envelope_that_says_what_it_is_and_goes_on_with_the_publishers_trace()
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.SubscribeAsync("peer-7");

        using var answer = await topic.PostAsync("hey jude"u8.ToArray(), trace: $"00-{Trace}-00f067aa0ba902b7-01");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var happened = Assert.Single(await Topic.EventsAsync(app, 1));
        var expected = new Dictionary<string, string>
        {
            ["specversion"] = "1.0",
            ["source"] = "peer-3",
            ["type"] = "com.dapr.event.sent",
            ["pubsubname"] = "pubsub",
            ["topic"] = "news",
            ["datacontenttype"] = "text/plain",
            ["data"] = "hey jude",
        };
        Assert.Equal(expected, expected.Keys.ToDictionary(key => key, key => (string)happened[key]!));
        Assert.NotEmpty((string)happened["id"]!);
        Assert.Contains(Trace, (string)happened["traceparent"]!, StringComparison.Ordinal);
        var seen = Assert.Single(Topic.Deliveries(app));
        Assert.Equal("application/cloudevents+json", seen.Headers["Content-Type"]);
        Assert.Contains(Trace, seen.Headers["traceparent"], StringComparison.Ordinal);
        Assert.NotEqual((string)happened["traceparent"]!, seen.Headers["traceparent"]);
    }

    [Theory]
    [InlineData("application/json", """{"a":1}""", "data", """{"a":1}""")]
    [InlineData("application/octet-stream", "bytes", "data_base64", "\"Ynl0ZXM=\"")]
    [InlineData("text/html", "<p>", "data", "\"\\u003Cp\\u003E\"")]
    public async Task Data_is_put_into_the_envelope_after_its_type(string contentType, string data, string attribute, string expected)
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.SubscribeAsync("peer-7");

        using var answer = await topic.PostAsync(Encoding.UTF8.GetBytes(data), contentType);

        Assert.Equal(expected, Assert.Single(await Topic.EventsAsync(app, 1))[attribute]!.ToJsonString());
    }

    [Fact]
    public async Task A_publishers_own_envelope_is_kept()
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.SubscribeAsync("peer-7");

        using var answer = await topic.PostAsync(
            """{"specversion":"1.0","id":"mine","source":"me","type":"message","data":"hey"}"""u8.ToArray(), "application/cloudevents+json");

        var happened = Assert.Single(await Topic.EventsAsync(app, 1));
        Assert.Equal(("mine", "me", "message", "news"), ((string)happened["id"]!, (string)happened["source"]!, (string)happened["type"]!, (string)happened["topic"]!));
    }

    [Fact]
    public async Task Every_app_id_gets_all_events_and_replicas_of_one_share_them()
    {
        await using var topic = await Topic.StartAsync();
        App[] peers = [await topic.SubscribeAsync("peer-7"), await topic.SubscribeAsync("peer-8")];
        App[] replicas = [await topic.SubscribeAsync("directory"), await topic.SubscribeAsync("directory")];
        string[] texts = [.. Enumerable.Range(10, 20).Select(number => $"{number}")];

        await topic.PublishAsync(texts);

        foreach (var peer in peers)
        {
            Assert.Equal(texts, await Topic.TextsAsync(peer, texts.Length));
        }

        await Pair.UntilAsync(() => replicas.Sum(replica => Topic.Deliveries(replica).Count()) >= texts.Length);
        var shared = await Task.WhenAll(replicas.Select(replica => Topic.TextsAsync(replica, 0)));
        Assert.Equal(texts, shared.SelectMany(some => some).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_app_id_gets_the_topic_from_its_start_and_one_that_comes_back_what_it_has_not_had()
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.AppAsync();
        var sidecar = await topic.SidecarAsync("peer-7", () => app.Address);
        await topic.PublishAsync("a", "b");
        await Topic.EventsAsync(app, 2);
        await sidecar.DisposeAsync();
        await topic.PublishAsync("c");

        var back = await topic.SubscribeAsync("peer-7");
        var fresh = await topic.SubscribeAsync("peer-8");

        Assert.Equal(["a", "b", "c"], await Topic.TextsAsync(fresh, 3));
        Assert.Equal(["c"], await Topic.TextsAsync(back, 1));
    }

    [Fact]
    public async Task Only_the_last_events_of_a_topic_are_kept()
    {
        await using var topic = await Topic.StartAsync(lengthMax: 2);
        await topic.PublishAsync("a", "b", "c");

        var app = await topic.SubscribeAsync("peer-7");

        Assert.Equal(["b", "c"], await Topic.TextsAsync(app, 2));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, """{"status":"SUCCESS"}""")]
    [InlineData(200, """{"status":"RETRY"}""")]
    [InlineData(200, """{"status":"WHATEVER"}""")]
    public async Task An_event_that_an_app_does_not_take_comes_again_with_the_same_id(int status, string reply)
    {
        await using var topic = await Topic.StartAsync();
        var attempts = 0;
        var app = await topic.SubscribeAsync("peer-7", http => Interlocked.Increment(ref attempts) == 1 ? ReplyAsync(http, status, reply) : Task.CompletedTask);

        await topic.PublishAsync("a");
        await Topic.EventsAsync(app, 1);
        topic.PassTime();

        var events = await Topic.EventsAsync(app, 2);
        Assert.Equal((string)events[0]["id"]!, (string)events[1]["id"]!);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "")]
    [InlineData(204, "")]
    [InlineData(200, "done")]
    [InlineData(200, """{"status":"SUCCESS"}""")]
    [InlineData(200, """{"status":"DROP"}""")]
    public async Task An_event_that_an_app_takes_or_drops_does_not_come_again(int status, string reply)
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.SubscribeAsync("peer-7", http => ReplyAsync(http, status, reply));
        await topic.PublishAsync("a");
        await Topic.EventsAsync(app, 1);
        // The reply may be under way still: what is not acknowledged then would come again all the same.
        await Pair.UntilAsync(() => topic.Broker.PendingOf("pubsub", "news", "peer-7") == 0);
        topic.PassTime();
        await topic.PublishAsync("b");

        Assert.Equal(["a", "b"], await Topic.TextsAsync(app, 2));
    }

    [Fact]
    public async Task What_a_dead_replica_has_taken_goes_to_another()
    {
        await using var topic = await Topic.StartAsync();
        var dead = await topic.AppAsync(App.NeverAsync);
        var sidecar = await topic.SidecarAsync("directory", () => dead.Address);
        await topic.PublishAsync("a");
        await Topic.EventsAsync(dead, 1);
        await sidecar.DisposeAsync();

        var other = await topic.SubscribeAsync("directory");
        topic.PassTime();

        Assert.Equal(["a"], await Topic.TextsAsync(other, 1));
    }

    [Fact]
    public async Task A_lost_acknowledgement_brings_an_event_twice_with_the_same_id()
    {
        await using var topic = await Topic.StartAsync();
        topic.Broker.LoseAcknowledgements(1);
        var app = await topic.SubscribeAsync("peer-7");

        await topic.PublishAsync("a");
        await Topic.EventsAsync(app, 1);
        topic.PassTime();

        var events = await Topic.EventsAsync(app, 2);
        Assert.Equal((string)events[0]["id"]!, (string)events[1]["id"]!);
    }

    [Fact]
    public async Task An_app_that_starts_after_its_sidecar_is_asked_what_it_subscribes_to()
    {
        await using var topic = await Topic.StartAsync();
        string? address = null;
        await topic.SidecarAsync("peer-7", () => address);
        await topic.PublishAsync("a");

        var app = await topic.AppAsync();
        address = app.Address;

        Assert.Equal(["a"], await Topic.TextsAsync(app, 1));
        Assert.Single(app.Requests, seen => seen.Path == "/dapr/subscribe");
    }

    [Theory]
    [InlineData("unknown/news", "ERR_PUBSUB_NOT_FOUND")]
    [InlineData("pubsub/", "ERR_TOPIC_NAME_EMPTY")]
    public async Task Publishing_to_what_is_not_there_is_404(string place, string code)
    {
        await using var topic = await Topic.StartAsync();

        using var answer = await topic.PostAsync([], place: place);

        Assert.Equal((404, code), await Pair.ErrorAsync(answer));
    }

    [Fact]
    public async Task Tokens_are_asked_of_publishers_and_shown_to_subscribers()
    {
        await using var topic = await Topic.StartAsync();
        var app = await topic.SubscribeAsync("peer-7", configure: settings => settings with { AppToken = "for the app" });
        var guarded = await topic.SidecarAsync("peer-8", () => null, settings => settings with { ApiToken = "secret" });
        using var http = new HttpClient { BaseAddress = new Uri(guarded.Api) };

        using var refused = await http.PostAsync("/v1.0/publish/pubsub/news", new StringContent("a"), Token);
        http.DefaultRequestHeaders.Add("dapr-api-token", "secret");
        using var published = await http.PostAsync("/v1.0/publish/pubsub/news", new StringContent("b"), Token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NoContent), (refused.StatusCode, published.StatusCode));
        Assert.Equal(["b"], await Topic.TextsAsync(app, 1));
        Assert.All(app.Requests, seen => Assert.Equal("for the app", seen.Headers["dapr-api-token"]));
    }

    private static Task ReplyAsync(HttpContext http, int status, string reply)
    {
        http.Response.StatusCode = status;
        return status == StatusCodes.Status204NoContent ? Task.CompletedTask : http.Response.WriteAsync(reply, Token);
    }
}
