using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Gateway.Forwarding;

/// <summary>The gateway's own questions to nodes, outside the wire messages. Null when a node gives no usable answer.</summary>
internal sealed class NodeClient(HttpMessageInvoker invoker, TimeProvider time)
{
    private const int AnswerBytesMax = 8 * 1024 * 1024;

    /// <summary>Reads JSON.</summary>
    public Task<T?> GetAsync<T>(
        NodeRef node, string pathAndQuery, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken)
        where T : class =>
        WithinAsync(timeout, async token =>
        {
            using var request = RequestTo(node, HttpMethod.Get, pathAndQuery);
            using var response = await invoker.SendAsync(request, token);
            if (!response.IsSuccessStatusCode)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, token);
            await using var body = await response.Content.ReadAsStreamAsync(token);
            return await JsonSerializer.DeserializeAsync(body, type, token);
        }, cancellationToken);

    /// <summary>Asks a peer to stop sharing a content.</summary>
    /// <returns>Whether it shared it.</returns>
    public async Task<bool?> StopSharingAsync(NodeRef peer, string contentId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var status = await WithinAsync(timeout, async token =>
        {
            using var request = RequestTo(peer, HttpMethod.Delete, $"/files?contentId={contentId}");
            using var response = await invoker.SendAsync(request, token);
            return NodeTransformer.IsFromSidecar(response) ? null : (object)(int)response.StatusCode;
        }, cancellationToken);
        return status switch
        {
            StatusCodes.Status204NoContent => true,
            StatusCodes.Status404NotFound => false,
            _ => null,
        };
    }

    /// <summary>Reads or writes a key at an entry peer. The wait ends with the time-out, or when the watch finds the peer silent.</summary>
    /// <returns>The answer; when there is none, what is known of the request's delivery.</returns>
    public async Task<(KeyAnswer? Answer, Delivery Delivery)> AskForKeyAsync(
        NodeRef peer,
        HttpMethod method,
        string pathAndQuery,
        byte[]? value,
        TimeSpan timeout,
        PeerWatch watch,
        CancellationToken cancellationToken)
    {
        var delivery = Delivery.Sent;
        var answer = await WithinAsync(timeout, async token =>
        {
            using var request = RequestTo(peer, method, pathAndQuery);
            request.Content = value is null ? null : new ByteArrayContent(value);
            try
            {
                using var response = await invoker.SendAsync(request, token);
                if (!response.IsSuccessStatusCode)
                {
                    delivery = NodeTransformer.IsFromSidecar(response) ? Delivery.Undelivered : Delivery.Sent;
                    return null;
                }

                await response.Content.LoadIntoBufferAsync(AnswerBytesMax, token);
                await using var body = await response.Content.ReadAsStreamAsync(token);
                return await JsonSerializer.DeserializeAsync(body, ContractsJsonContext.Default.KeyAnswer, token);
            }
            catch (HttpRequestException failure) when (failure.IsNotConnected)
            {
                delivery = Delivery.NotSent;
                return null;
            }
        }, cancellationToken, watch.Silent);
        return (answer, delivery);
    }

    private static HttpRequestMessage RequestTo(NodeRef node, HttpMethod method, string pathAndQuery)
    {
        var request = new HttpRequestMessage(method, $"http://{node.App}{pathAndQuery}");
        if (node.Endpoint is not null)
        {
            request.Options.Set(NodeHttp.Endpoint, node.Endpoint);
        }

        return request;
    }

    private async Task<T?> WithinAsync<T>(
        TimeSpan timeout, Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken, CancellationToken giveUp = default)
        where T : class
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, giveUp, cancellationToken);
        try
        {
            return await ask(all.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
