using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>What the transport knows of a request.</summary>
/// <param name="Sender">The sending node; app <c>unknown</c> when it did not say.</param>
/// <param name="VirtualNode">The virtual node addressed, or null.</param>
/// <param name="SentAt">By the sender's clock; the Unix epoch when it did not say.</param>
/// <param name="Trace">Context of the hop before, or default.</param>
public sealed record WireContext(NodeRef Sender, int? VirtualNode, DateTimeOffset SentAt, ActivityContext Trace);

/// <summary>Routes of <see cref="WireOperations"/>.</summary>
public static class WireEndpoints
{
    /// <summary>Largest message in bytes: the default limit of a Dapr sidecar.</summary>
    public const int MessageBytesMax = 4 * 1024 * 1024;

    private const long MicrosecondsMax = 1L << 52;

    /// <summary>Answers one kind of request.</summary>
    public static IEndpointConventionBuilder MapWire<TRequest, TReply>(
        this IEndpointRouteBuilder routes, Func<TRequest, WireContext, CancellationToken, Task<TReply>> handler)
        where TRequest : class, IRequest<TReply>
        where TReply : class, IMessage =>
        routes.MapWire(
            WireOperations.ByRequest[typeof(TRequest)],
            async (message, context, cancellationToken) => await handler((TRequest)message, context, cancellationToken));

    /// <summary>Answers all kinds of requests of an engine.</summary>
    /// <param name="routes">Where to add the routes.</param>
    /// <param name="operations">One of the lists of <see cref="WireOperations"/>.</param>
    /// <param name="find">The engine for a virtual node (null for nodes that have none), or null when it does not run (yet).</param>
    public static void MapEngine(this IEndpointRouteBuilder routes, IReadOnlyList<WireOperation> operations, Func<int?, EngineHost?> find)
    {
        foreach (var operation in operations)
        {
            routes.MapWire(operation, (message, context, cancellationToken) => find(context.VirtualNode) is { } engine
                ? engine.AskAsync(context.Sender, context.SentAt, message, context.Trace, cancellationToken)
                : throw new NodeUnreachableException("The node is not running."));
        }
    }

    private static IEndpointConventionBuilder MapWire(
        this IEndpointRouteBuilder routes, WireOperation operation, Func<IMessage, WireContext, CancellationToken, Task<IMessage>> handler) =>
        routes.MapPost(operation.Path, http => AnswerAsync(http, operation, handler)).ExcludeFromDescription();

    private static async Task AnswerAsync(
        HttpContext http, WireOperation operation, Func<IMessage, WireContext, CancellationToken, Task<IMessage>> handler)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MessageBytesMax;
        }

        IMessage? message;
        try
        {
            message = await JsonSerializer.DeserializeAsync(http.Request.Body, operation.Request, http.RequestAborted) as IMessage;
        }
        catch (JsonException failure)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"The body is not a {operation.Request.Type.Name}: {failure.Message}");
            return;
        }

        if (message is null)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"The body is not a {operation.Request.Type.Name}: it is null.");
            return;
        }

        try
        {
            var reply = await handler(message, ContextOf(http.Request), http.RequestAborted);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(reply, operation.Reply);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = bytes.Length;
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
        catch (NodeUnreachableException failure)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, failure.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
    }

    private static WireContext ContextOf(HttpRequest request)
    {
        var headers = request.Headers;
        var sender = ParseNode(headers[WireHeaders.Sender].ToString(), headers[WireHeaders.SenderEndpoint].ToString());
        var vnode = int.TryParse(request.Query[WireHeaders.VirtualNode], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        _ = long.TryParse(headers[WireHeaders.SentAt], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds);
        var sentAt = DateTimeOffset.UnixEpoch.AddTicks(Math.Min(microseconds, MicrosecondsMax) * TimeSpan.TicksPerMicrosecond);
        return new WireContext(sender, vnode, sentAt, TraceParent.Parse(headers.TraceParent, headers.TraceState));
    }

    private static NodeRef ParseNode(string name, string endpoint)
    {
        var cut = name.IndexOf('#', StringComparison.Ordinal);
        var vnode = cut >= 0 && int.TryParse(name.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var app = cut >= 0 ? name[..cut] : name;
        return new NodeRef(app.Length > 0 ? app : "unknown", vnode, endpoint.Length > 0 ? endpoint : null);
    }

    private static Task RefuseAsync(HttpContext http, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(http);
}
