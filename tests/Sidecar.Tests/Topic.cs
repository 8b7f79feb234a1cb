using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.Sidecar.Tests;

/// <summary>A topic <c>news</c>, a publisher with its sidecar, and subscribers with theirs. Time for redelivery stands still until it is moved.</summary>
internal sealed class Topic : IAsyncDisposable
{
    public const string Route = "/told";

    private const string Name = "news";
    private const string Component = "pubsub";
    private const string Publisher = "peer-3";

    private readonly List<IAsyncDisposable> _all = [];
    private HttpClient _http = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new();

    public Broker Broker { get; private set; } = null!;

    public static async Task<Topic> StartAsync(int lengthMax = int.MaxValue)
    {
        var topic = new Topic();
        topic.Broker = new Broker(Component) { Time = topic.Time, LengthMax = lengthMax };
        var sidecar = await topic.SidecarAsync(Publisher, () => null);
        topic._http = new HttpClient { BaseAddress = new Uri(sidecar.Api) };
        return topic;
    }

    /// <summary>An app that subscribes, with a sidecar under an app id.</summary>
    public async Task<App> SubscribeAsync(string app, RequestDelegate? answer = null, Func<SidecarSettings, SidecarSettings>? configure = null)
    {
        var subscriber = await AppAsync(answer);
        await SidecarAsync(app, () => subscriber.Address, configure);
        return subscriber;
    }

    /// <summary>An app that subscribes, without a sidecar.</summary>
    public async Task<App> AppAsync(RequestDelegate? answer = null)
    {
        var app = await App.StartAsync(Token);
        _all.Add(app);
        app.Answer = http => http.Request.Path == "/dapr/subscribe"
            ? http.Response.WriteAsJsonAsync(new[] { new { pubsubName = Component, topic = Name, route = Route } }, Token)
            : answer?.Invoke(http) ?? Task.CompletedTask;
        return app;
    }

    public async Task<SidecarDouble> SidecarAsync(string app, Func<string?> address, Func<SidecarSettings, SidecarSettings>? configure = null)
    {
        var settings = new SidecarSettings { AppId = app, AppAddress = address, Resolve = (_, _) => ValueTask.FromResult<string?>(null), Broker = Broker };
        var sidecar = await SidecarDouble.StartAsync(configure?.Invoke(settings) ?? settings, Token);
        _all.Add(sidecar);
        return sidecar;
    }

    public async Task<HttpResponseMessage> PostAsync(byte[] data, string contentType = "text/plain", string? place = null, string? trace = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.0/publish/{place ?? $"{Component}/{Name}"}")
        {
            Content = new ByteArrayContent(data) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
        };
        if (trace is not null)
        {
            request.Headers.Add("traceparent", trace);
        }

        return await _http.SendAsync(request, Token);
    }

    public async Task PublishAsync(params string[] texts)
    {
        foreach (var text in texts)
        {
            using var answer = await PostAsync(Encoding.UTF8.GetBytes(text));
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Moves time on, so that what was not acknowledged is delivered again.</summary>
    public void PassTime() => Time.Advance(Broker.ProcessingTimeout);

    /// <summary>The events that an app has got, once there are so many; with all their attributes.</summary>
    public static async Task<IReadOnlyList<JsonObject>> EventsAsync(App app, int count)
    {
        await Pair.UntilAsync(() => Deliveries(app).Count() >= count);
        return [.. Deliveries(app).Select(seen => JsonNode.Parse(seen.Body)!.AsObject())];
    }

    /// <summary>The texts that an app has got, once there are so many, in alphabetical order.</summary>
    public static async Task<IEnumerable<string>> TextsAsync(App app, int count) =>
        (await EventsAsync(app, count)).Select(happened => (string)happened["data"]!).Order(StringComparer.Ordinal);

    public static IEnumerable<Seen> Deliveries(App app) => app.Requests.Where(seen => seen.Path == Route);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var one in Enumerable.Reverse(_all))
        {
            await one.DisposeAsync();
        }
    }
}
