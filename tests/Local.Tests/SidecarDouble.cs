using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace P2PCloud.Local.Tests;

/// <summary>
/// Stands for Dapr's sidecars: routes <c>/v1.0/invoke/{app-id}/method/{path}</c> to the app by its id, as name resolution does. An
/// unknown app-id is 500 with error code ERR_DIRECT_INVOKE. Identity, retries, tokens and tracing of sidecars are not reproduced.
/// </summary>
internal sealed class SidecarDouble : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });

    private SidecarDouble(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First();

    /// <summary>Requests forwarded so far.</summary>
    public int Invocations { get; private set; }

    public static async Task<SidecarDouble> StartAsync(Func<string, string?> resolve, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var sidecar = new SidecarDouble(app);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Map("/v1.0/invoke/{id}/method/{**path}", (HttpContext http, string id, string? path) => sidecar.InvokeAsync(http, forwarder, resolve(id), id, path));
        app.MapGet("/v1.0/healthz/outbound", () => TypedResults.NoContent());
        await app.StartAsync(cancellationToken);
        return sidecar;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _invoker.Dispose();
    }

    private async Task InvokeAsync(HttpContext http, IHttpForwarder forwarder, string? endpoint, string id, string? path)
    {
        if (endpoint is null)
        {
            http.Response.StatusCode = (int)HttpStatusCode.InternalServerError;
            await http.Response.WriteAsJsonAsync(new { errorCode = "ERR_DIRECT_INVOKE", message = $"failed to invoke, id: {id}" }, http.RequestAborted);
            return;
        }

        Invocations++;
        http.Request.Path = $"/{path}";
        await forwarder.SendAsync(http, endpoint, _invoker, ForwarderRequestConfig.Empty, HttpTransformer.Default);
    }
}
