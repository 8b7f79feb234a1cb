using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>Requests of <see cref="WireOperations"/> over HTTP.</summary>
public sealed class WireClient(HttpMessageInvoker invoker, TimeProvider time) : INodeTransport
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks another service, in the current trace.</summary>
    /// <exception cref="NodeUnreachableException">No usable answer within the time-out.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<TReply> AskAsync<TReply>(NodeRef to, IRequest<TReply> request, TimeSpan timeout, CancellationToken cancellationToken)
        where TReply : class, IMessage
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var message = new Outgoing(null, to, request, time.GetUtcNow(), Activity.Current?.Context ?? default);
            return (TReply)await SendAsync(message, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NodeUnreachableException($"{to.Name} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }

    /// <inheritdoc/>
    public async Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken)
    {
        var operation = WireOperations.ByRequest[message.Body.GetType()];
        using var request = Create(message, operation);
        try
        {
            using var response = await invoker.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new NodeUnreachableException($"{message.To.Name} answered {(int)response.StatusCode} to {operation.Path}.");
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, operation.Reply, cancellationToken) as IMessage
                ?? throw new NodeUnreachableException($"{message.To.Name} answered nothing to {operation.Path}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException)
        {
            throw new NodeUnreachableException($"{message.To.Name} is not reachable at {operation.Path}: {failure.Message}", failure);
        }
    }

    private static HttpRequestMessage Create(Outgoing message, WireOperation operation)
    {
        var (from, to, body, sentAt, trace) = message;
        var query = to.VirtualNode is { } number ? $"?{WireHeaders.VirtualNode}={number}" : "";
        // Bytes, not a stream: without a length a sidecar would neither retry nor look up a new address.
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, operation.Request));
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{to.App}{operation.Path}{query}") { Content = content };
        if (to.Endpoint is not null)
        {
            request.Options.Set(NodeHttp.Endpoint, to.Endpoint);
        }

        var microseconds = (sentAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        request.Headers.TryAddWithoutValidation(WireHeaders.SentAt, microseconds.ToString(CultureInfo.InvariantCulture));
        if (from is not null)
        {
            request.Headers.TryAddWithoutValidation(WireHeaders.Sender, from.Name);
            request.Headers.TryAddWithoutValidation(WireHeaders.SenderEndpoint, from.Endpoint);
        }

        if (trace != default)
        {
            request.Headers.TryAddWithoutValidation("traceparent", TraceParent.Format(trace));
            if (trace.TraceState is { Length: > 0 } state)
            {
                request.Headers.TryAddWithoutValidation("tracestate", state);
            }
        }

        return request;
    }
}
