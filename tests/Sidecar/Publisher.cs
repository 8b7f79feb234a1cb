using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>The app's side of pub/sub: <c>POST /v1.0/publish/{component}/{topic}</c>.</summary>
internal sealed class Publisher(SidecarSettings settings)
{
    public const string Prefix = "/v1.0/publish/";

    /// <summary>Publishes the request's body.</summary>
    public async Task PublishAsync(HttpContext http)
    {
        var place = http.Request.Path.Value![Prefix.Length..].Split('/', 2);
        if (settings.Broker is not { } broker || !broker.Has(place[0]))
        {
            await SidecarErrors.WriteAsync(http, StatusCodes.Status404NotFound, "ERR_PUBSUB_NOT_FOUND", $"pubsub {place[0]} is not found");
            return;
        }

        if (place is not [_, { Length: > 0 } topic])
        {
            await SidecarErrors.WriteAsync(http, StatusCodes.Status404NotFound, "ERR_TOPIC_NAME_EMPTY", "topic is empty");
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var span = Spans.Begin($"pubsub/{topic}", ActivityKind.Producer, http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        try
        {
            broker.Publish(place[0], topic, CloudEvents.Wrap(
                settings.AppId, place[0], topic, http.Request.ContentType, body.ToArray(), span, settings.Time.GetUtcNow()));
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (JsonException)
        {
            await SidecarErrors.WriteAsync(http, StatusCodes.Status500InternalServerError, "ERR_PUBSUB_CLOUD_EVENTS_SER", "the cloud event cannot be read");
        }
    }
}
