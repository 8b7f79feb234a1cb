using Dapr.Client;
using P2PCloud.Contracts;

namespace P2PCloud.ServiceDefaults;

/// <summary>The one way from service to service: an invoker for URIs <c>http://{app-id}/{static path}</c>.</summary>
public static class NodeTransport
{
    /// <summary>Connections to other services; can be shared by all services of one process.</summary>
    public static SocketsHttpHandler CreateConnections(InvocationOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // Trace context is set per message: a hop's parent is the hop before it, not whatever runs on the thread.
        ActivityHeadersPropagator = null,
    };

    /// <summary>An invoker of the configured mode over the given connections.</summary>
    public static HttpMessageInvoker Create(InvocationOptions options, HttpMessageHandler connections)
    {
        var connected = new ConnectTimeoutHandler { InnerHandler = connections };
        DelegatingHandler mode = options.Mode is InvocationMode.Dapr
            ? new DeployedNameHandler(options.AppIds)
            {
                InnerHandler = new InvocationHandler { DaprEndpoint = options.DaprEndpoint, InnerHandler = connected },
            }
            : new DirectInvocationHandler(options.Endpoints) { InnerHandler = connected };
        return new HttpMessageInvoker(new TraceContextHandler { InnerHandler = mode }, disposeHandler: false);
    }
}

/// <summary>Sends <c>http://{app-id}/path</c> to the address that the request carries, or that is configured for the app-id.</summary>
internal sealed class DirectInvocationHandler(IDictionary<string, string> endpoints) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var app = request.RequestUri!.Host;
        if (!request.Options.TryGetValue(NodeHttp.Endpoint, out var endpoint) && !endpoints.TryGetValue(app, out endpoint))
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, $"No address is known for '{app}'.");
        }

        request.RequestUri = new Uri(new Uri(endpoint), request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Puts the app-id under which a service is deployed in place of its name.</summary>
internal sealed class DeployedNameHandler(IDictionary<string, string> appIds) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (appIds.TryGetValue(request.RequestUri!.Host, out var app))
        {
            request.RequestUri = new UriBuilder(request.RequestUri) { Host = app }.Uri;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
