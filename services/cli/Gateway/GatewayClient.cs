using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Gateway;

/// <summary>The REST interface of the gateway. Whatever goes wrong outside this process is a <see cref="Failure"/>.</summary>
internal sealed class GatewayClient : IDisposable
{
    /// <summary>Longest wait for an answer that needs no upload.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private const int AnswerBytesMax = 64 * 1024 * 1024;
    private const int AskFirstBytes = 1024 * 1024;
    private readonly HttpClient _http;
    private readonly Uri _gateway;

    /// <param name="gateway">Absolute, ends with a slash.</param>
    public GatewayClient(Uri gateway)
    {
        _gateway = gateway;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = !gateway.IsLoopback };
        _http = new HttpClient(handler)
        {
            BaseAddress = gateway,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <summary>One lookup.</summary>
    public Task<Reply<Document<LookupResult>>> LookupAsync(LookupQuestion question, CancellationToken cancellationToken)
    {
        var path = new StringBuilder($"api/v1/lookups?q={Uri.EscapeDataString(question.Query)}&technique={question.Technique}");
        AppendTo(path, "from", question.From);
        AppendTo(path, "mode", question.Mode);
        AppendTo(path, "limit", question.Limit?.ToString(CultureInfo.InvariantCulture));
        return ReadAsync(path.ToString(), ContractsJsonContext.Default.LookupResult, cancellationToken);
    }

    /// <summary>Who is there and who knows whom.</summary>
    public Task<Reply<Document<Topology>>> TopologyAsync(CancellationToken cancellationToken) =>
        ReadAsync("api/v1/topology", ContractsJsonContext.Default.Topology, cancellationToken);

    /// <summary>Shares bytes under a name; takes as long as it takes.</summary>
    public async Task<Reply<Document<Posting>>> ShareAsync(Stream content, string name, string? peer, CancellationToken cancellationToken)
    {
        var path = new StringBuilder($"api/v1/files?name={Uri.EscapeDataString(name)}");
        AppendTo(path, "peer", peer);
        using var request = new HttpRequestMessage(HttpMethod.Put, path.ToString()) { Content = new StreamContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        // A refusal (name, peer, size) then comes before the bytes go.
        request.Headers.ExpectContinue = content.Length > AskFirstBytes;
        return await CallAsync(
            request,
            Timeout.InfiniteTimeSpan,
            (response, token) => DocumentAsync(response, ContractsJsonContext.Default.Posting, token),
            cancellationToken);
    }

    /// <summary>Opens a content from byte <paramref name="start"/>; the caller disposes the response and reads its body.</summary>
    public async Task<Reply<HttpResponseMessage>> OpenAsync(string contentId, long start, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/files/{contentId}");
        request.Headers.Range = start > 0 ? new RangeHeaderValue(start, null) : null;
        return await CallAsync(request, AnswerTime, (response, _) => Task.FromResult(response), cancellationToken);
    }

    /// <summary>Has all peers stop sharing a content.</summary>
    /// <returns>Why it did not work; null when nobody shares it any more.</returns>
    public async Task<Failure?> StopSharingAsync(string contentId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"api/v1/files/{contentId}");
        var reply = await CallAsync(request, AnswerTime, (response, _) => Task.FromResult(response), cancellationToken);
        reply.Value?.Dispose();
        return reply.Failure;
    }

    /// <summary>Writes or deletes a key. It is sent once: a write whose answer is lost may have happened.</summary>
    public async Task<Reply<Document<KeyWritten>>> WriteKeyAsync(KeyWrite write, CancellationToken cancellationToken)
    {
        var path = new StringBuilder($"{PathOf(write.Key)}?consistency={write.Consistency}");
        AppendTo(path, "ttl", write.Ttl?.ToString(CultureInfo.InvariantCulture));
        AppendTo(path, "from", write.From);
        using var request = new HttpRequestMessage(write.Value is null ? HttpMethod.Delete : HttpMethod.Put, path.ToString());
        if (write.Value is not null)
        {
            request.Content = new ByteArrayContent(write.Value);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        if (write.IfVersion is { } version)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        }
        else if (write.IfAbsent)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }

        return await CallAsync(
            request,
            AnswerTime,
            (response, token) => write.Value is null
                ? Task.FromResult(Deleted(response, write.Key))
                : DocumentAsync(response, ContractsJsonContext.Default.KeyWritten, token),
            cancellationToken);
    }

    /// <summary>Reads a key.</summary>
    public async Task<Reply<KeyValue>> ReadKeyAsync(string key, string consistency, string? from, CancellationToken cancellationToken)
    {
        var path = new StringBuilder($"{PathOf(key)}?consistency={consistency}");
        AppendTo(path, "from", from);
        using var request = new HttpRequestMessage(HttpMethod.Get, path.ToString());
        return await CallAsync(request, AnswerTime, ValueAsync, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static void AppendTo(StringBuilder path, string name, string? value)
    {
        if (value is not null)
        {
            path.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private static string PathOf(string key) => $"api/v1/keys/{Uri.EscapeDataString(key)}";

    private static Document<KeyWritten> Deleted(HttpResponseMessage response, string key)
    {
        using (response)
        {
            return new Document<KeyWritten>(new KeyWritten(key, "", null, 0, 0), "");
        }
    }

    private static async Task<KeyValue> ValueAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            return new KeyValue(
                await response.Content.ReadAsByteArrayAsync(cancellationToken),
                response.Headers.ETag?.Tag.Trim('"'),
                HeaderOf(response, "P2PCloud-Owner"),
                int.TryParse(HeaderOf(response, "P2PCloud-Copies"), out var copies) ? copies : 0,
                int.TryParse(HeaderOf(response, "P2PCloud-Hops"), out var hops) ? hops : 0,
                HeaderOf(response, "P2PCloud-Expiry"));
        }
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private async Task<Reply<Document<T>>> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await CallAsync(request, AnswerTime, (response, token) => DocumentAsync(response, type, token), cancellationToken);
    }

    private static async Task<Document<T>> DocumentAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken token)
    {
        using (response)
        {
            var json = await response.Content.ReadAsStringAsync(token);
            return new Document<T>(JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null"), json);
        }
    }

    private async Task<Reply<T>> CallAsync<T>(
        HttpRequestMessage request,
        TimeSpan timeout,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.IsSuccessStatusCode)
            {
                return await read(response, deadline.Token);
            }

            using (response)
            {
                return await Problems.ReadAsync(response, deadline.Token);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return Broken(failure);
        }
        catch (JsonException failure)
        {
            return new Failure($"{Address} does not answer as a gateway does: {failure.Message}", Fatal: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure($"the gateway at {Address} did not answer within {timeout.TotalSeconds} s", Transient: true);
        }
    }

    private Failure Broken(Exception failure) =>
        failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        }
            ? new Failure($"cannot reach the gateway at {Address}: {failure.Message}; is `p2pcloud up` running?", Transient: true, Fatal: true)
            : new Failure($"the exchange with the gateway at {Address} broke off: {failure.GetBaseException().Message}", Transient: true);

    private string Address => _gateway.ToString().TrimEnd('/');
}
