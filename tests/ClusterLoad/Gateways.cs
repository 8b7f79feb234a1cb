namespace P2PCloud.ClusterLoad;

/// <summary>No gateway could be reached: nothing was sent.</summary>
internal sealed class UnreachableException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// The gateways of a cloud, which take turns; where one cannot be reached, the next one is asked. Only a request that was certainly not sent is
/// made again.
/// </summary>
internal sealed class Gateways : IDisposable
{
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly HttpClient _http;
    private int _turn = -1;

    public Gateways(LoadOptions options)
    {
        _addresses = options.Gateways;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a request; the caller disposes the response, whose body has not been read.</summary>
    /// <param name="method">GET or PUT.</param>
    /// <param name="path">Path and query, without a slash at the begin.</param>
    /// <param name="body">Of a PUT; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnreachableException">No gateway could be reached.</exception>
    /// <exception cref="HttpRequestException">The connection broke after the request, or a part, had been sent.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var attempt = 1; ; attempt++)
        {
            var index = (int)((turn + (uint)attempt - 1) % (uint)_addresses.Count);
            using var content = body is null ? null : new OnceContent(body);
            using var request = new HttpRequestMessage(method, new Uri(_addresses[index], path)) { Content = content };
            try
            {
                return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (Exception failure) when (IsConnectFailure(failure, cancellationToken) && content is not { Sent: true })
            {
                if (attempt >= _addresses.Count)
                {
                    throw new UnreachableException(failure.Message, failure);
                }
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A connection that takes longer than its time is given up with a cancellation that nobody asked for.</summary>
    private static bool IsConnectFailure(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        }
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
