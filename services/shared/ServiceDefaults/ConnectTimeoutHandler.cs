namespace P2PCloud.ServiceDefaults;

/// <summary>
/// Tells a connection that was not made in time as what it is: a request that was not sent. SocketsHttpHandler tells it as a cancellation, as if
/// the request had been sent and not answered, so that a write at a peer that is gone ended as uncertain.
/// </summary>
internal sealed class ConnectTimeoutHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException failure) when (failure.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"No connection to {request.RequestUri?.Authority} was made in time.", failure);
        }
    }
}
