using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace P2PCloud.Sidecar;

/// <summary>
/// Brings events to the app: asks it once, when it listens, what it subscribes to (<c>GET /dapr/subscribe</c>), and takes events of these topics
/// in the consumer group named by the app id. Not reproduced: rules of routes, bulk subscriptions, dead-letter topics, raw payloads.
/// </summary>
internal sealed class Subscriber(SidecarSettings settings, Broker broker, HttpMessageInvoker invoker)
{
    /// <summary>Events with the app at a time, of one subscription. They overtake each other.</summary>
    private const int Concurrency = 10;

    private static readonly TimeSpan AppPoll = TimeSpan.FromMilliseconds(20);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var subscriptions = await AskAsync(cancellationToken);
        await Task.WhenAll(subscriptions.SelectMany(
            subscription => Enumerable.Repeat(subscription, Concurrency), (subscription, _) => DeliverAsync(subscription, cancellationToken)));
    }

    private async Task<IReadOnlyList<Subscription>> AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (settings.AppAddress() is { } address)
            {
                try
                {
                    using var request = ToApp(HttpMethod.Get, address, "dapr/subscribe");
                    using var answer = await invoker.SendAsync(request, cancellationToken);
                    return answer.IsSuccessStatusCode
                        ? await answer.Content.ReadFromJsonAsync<List<Subscription>>(Json, cancellationToken) ?? []
                        : [];
                }
                catch (HttpRequestException)
                {
                }
            }

            await Task.Delay(AppPoll, settings.Time, cancellationToken);
        }
    }

    private async Task DeliverAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        while (true)
        {
            var delivery = await broker.TakeAsync(subscription.PubsubName, subscription.Topic, settings.AppId, cancellationToken);
            if (await IsDoneAsync(subscription, delivery.Event, cancellationToken))
            {
                delivery.Acknowledge();
            }
        }
    }

    /// <summary>Gives an event to the app.</summary>
    /// <returns>Whether the app need not have it again: it took it or has it dropped.</returns>
    private async Task<bool> IsDoneAsync(Subscription subscription, byte[] happened, CancellationToken cancellationToken)
    {
        if (settings.AppAddress() is not { } address)
        {
            return false;
        }

        var (parent, state) = CloudEvents.TraceOf(happened);
        using var span = Spans.Begin($"pubsub/{subscription.Topic}", ActivityKind.Consumer, parent, state);
        using var request = ToApp(HttpMethod.Post, address, subscription.Path);
        request.Content = new ByteArrayContent(happened) { Headers = { ContentType = new MediaTypeHeaderValue(CloudEvents.ContentType) } };
        Spans.Pass(span, request);
        try
        {
            using var answer = await invoker.SendAsync(request, cancellationToken);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => StatusOf(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) is "SUCCESS" or "DROP",
                404 => true,
                _ => false,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <summary>An answer without a status means success, whatever it is.</summary>
    private static string StatusOf(byte[] answer)
    {
        try
        {
            return JsonNode.Parse(answer) is JsonObject read && (string?)read["status"] is { Length: > 0 } status ? status : "SUCCESS";
        }
        catch (JsonException)
        {
            return "SUCCESS";
        }
    }

    private HttpRequestMessage ToApp(HttpMethod method, string address, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(new Uri(address), path));
        if (settings.AppToken is not null)
        {
            request.Headers.Add(Headers.Token, settings.AppToken);
        }

        return request;
    }

    /// <summary>One element of the app's answer.</summary>
    private sealed record Subscription(string PubsubName, string Topic, string? Route, Routes? Routes)
    {
        public string Path => $"/{(Route ?? Routes?.Default ?? Topic).TrimStart('/')}";
    }

    private sealed record Routes(string? Default);
}
