using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace P2PCloud.Sidecar;

/// <summary>The envelope of an event: CloudEvents 1.0, JSON format, with the attributes that Dapr adds.</summary>
internal static class CloudEvents
{
    public const string ContentType = "application/cloudevents+json";

    /// <summary>What is published, in its envelope. A publisher may bring one of its own, whose attributes are kept.</summary>
    /// <param name="source">App id of the publisher.</param>
    /// <param name="component">Of pub/sub.</param>
    /// <param name="topic">Of the component.</param>
    /// <param name="contentType">Of the data; null: <c>text/plain</c>.</param>
    /// <param name="data">What is published.</param>
    /// <param name="span">Of the publication.</param>
    /// <param name="time">When it is.</param>
    /// <exception cref="JsonException">The publisher's own envelope is not a JSON object.</exception>
    public static byte[] Wrap(string source, string component, string topic, string? contentType, byte[] data, Activity span, DateTimeOffset time)
    {
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType! : "text/plain";
        var envelope = type == ContentType
            ? JsonNode.Parse(data) as JsonObject ?? throw new JsonException("A cloud event is a JSON object.")
            : Data(type, data);
        envelope.TryAdd("id", ActivityTraceId.CreateRandom().ToHexString());
        envelope.TryAdd("source", source);
        envelope.TryAdd("type", "com.dapr.event.sent");
        envelope.TryAdd("specversion", "1.0");
        envelope.TryAdd("time", time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        envelope["topic"] = topic;
        envelope["pubsubname"] = component;
        envelope["traceid"] = span.Id;
        envelope["traceparent"] = span.Id;
        envelope["tracestate"] = span.TraceStateString ?? "";
        return JsonSerializer.SerializeToUtf8Bytes(envelope);
    }

    /// <summary>Trace context of an event.</summary>
    public static (string? Parent, string? State) TraceOf(byte[] envelope)
    {
        var read = JsonNode.Parse(envelope)!;
        return ((string?)read["traceparent"], (string?)read["tracestate"]);
    }

    private static JsonObject Data(string type, byte[] data)
    {
        var envelope = new JsonObject { ["datacontenttype"] = type };
        if (type == "application/octet-stream")
        {
            envelope["data_base64"] = Convert.ToBase64String(data);
        }
        else
        {
            envelope["data"] = type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal) ? Json(data) : Encoding.UTF8.GetString(data);
        }

        return envelope;
    }

    private static JsonNode? Json(byte[] data)
    {
        try
        {
            return JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(data);
        }
    }
}
