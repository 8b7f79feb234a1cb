using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace P2PCloud.Sidecar;

/// <summary>
/// Stands for one app's Dapr sidecar (runtime 1.18.3, HTTP service invocation and pub/sub): the API for the app, the other listener for other sidecars, so
/// that a call goes through two of them. Not reproduced, and to be seen on a cluster only: mutual TLS, injection, lag of DNS, readiness of pods,
/// restarts by a new configuration. Its latencies are not Dapr's.
/// </summary>
public sealed class SidecarDouble : IAsyncDisposable
{
    private readonly SidecarSettings _settings;
    private readonly AppHealth _health;
    private readonly Inbound _inbound;
    private readonly Outbound _outbound;
    private readonly Publisher _publisher;
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _api;
    private readonly WebApplication _internal;
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    });

    private Task _work = Task.CompletedTask;
    private bool _appSeen;

    private SidecarDouble(SidecarSettings settings)
    {
        _settings = settings;
        _health = new AppHealth(settings, _invoker);
        _inbound = new Inbound(settings, _invoker, _health);
        _outbound = new Outbound(settings, _invoker, _inbound.CallOwnAppAsync);
        _publisher = new Publisher(settings);
        _api = Listen(settings.ApiUrl, settings.HeaderBytesMax);
        _api.Run(ApiAsync);
        // What the caller's sidecar has let through may have grown by what it added.
        _internal = Listen(settings.InternalUrl, settings.HeaderBytesMax * 2);
        _internal.Run(_inbound.InvokeAsync);
    }

    /// <summary>Address for the app: <c>Invocation:DaprEndpoint</c>.</summary>
    public string Api => _api.Urls.First();

    /// <summary>Address for other sidecars: what name resolution answers.</summary>
    public string Internal => _internal.Urls.First();

    /// <summary>Requests that the app was given through sidecars.</summary>
    public int Calls => _inbound.Calls;

    /// <summary>Answers of the app that were lost because of <see cref="LoseAnswers"/>.</summary>
    public int LostAnswers => _inbound.LostAnswers;

    /// <summary>Paths of the requests that the app carried out once more because the answer before was lost, one for each time.</summary>
    public IReadOnlyCollection<string> Repeats => _inbound.Repeats;

    /// <summary>Probes of the app's health that have ended.</summary>
    internal int Probes => _health.Probes;

    /// <summary>Starts both listeners.</summary>
    /// <exception cref="IOException">An address is in use.</exception>
    public static async Task<SidecarDouble> StartAsync(SidecarSettings settings, CancellationToken cancellationToken)
    {
        var sidecar = new SidecarDouble(settings);
        try
        {
            await sidecar._api.StartAsync(cancellationToken);
            await sidecar._internal.StartAsync(cancellationToken);
        }
        catch
        {
            await sidecar.DisposeAsync();
            throw;
        }

        var subscriber = settings.Broker is { } broker
            ? new Subscriber(settings, broker, sidecar._invoker).RunAsync(sidecar._stop.Token) : Task.CompletedTask;
        sidecar._work = Task.WhenAll(subscriber, sidecar._health.RunAsync(sidecar._stop.Token));
        return sidecar;
    }

    /// <summary>Has the app carry out the next requests and loses their answers, so that callers send them again.</summary>
    /// <param name="count">How many, whatever was left of those asked for with the same path.</param>
    /// <param name="path">What their paths begin with.</param>
    public void LoseAnswers(int count, string path = "/") => _inbound.LoseAnswers(count, path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await Task.WhenAny(_work);
        _stop.Dispose();
        await _api.DisposeAsync();
        await _internal.DisposeAsync();
        _invoker.Dispose();
        if (!_work.IsCanceled)
        {
            await _work;
        }
    }

    private static WebApplication Listen(string url, int headerBytesMax)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = null;
            server.Limits.MaxRequestHeadersTotalSize = headerBytesMax;
        });
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private async Task ApiAsync(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/v1.0/healthz":
                http.Response.StatusCode = await IsAppListeningAsync(http.RequestAborted)
                    ? StatusCodes.Status204NoContent : StatusCodes.Status500InternalServerError;
                break;
            case "/v1.0/healthz/outbound":
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case var _ when _settings.ApiToken is not null && http.Request.Headers[Headers.Token] != _settings.ApiToken:
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await http.Response.WriteAsync("invalid api token", http.RequestAborted);
                break;
            case var path when path!.StartsWith(Publisher.Prefix, StringComparison.Ordinal) && HttpMethods.IsPost(http.Request.Method):
                await _publisher.PublishAsync(http);
                break;
            default:
                await _outbound.InvokeAsync(http);
                break;
        }
    }

    private async Task<bool> IsAppListeningAsync(CancellationToken cancellationToken)
    {
        if (!_appSeen)
        {
            if (_settings.AppAddress() is not { } known)
            {
                return false;
            }

            var address = new Uri(known);
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
                _appSeen = true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return true;
    }
}
