using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace P2PCloud.Sidecar.Tests;

/// <summary>A request as an app got it.</summary>
internal sealed record Seen(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>An app beside a sidecar: keeps what it is asked, and answers 200 unless told otherwise.</summary>
internal sealed class App : IAsyncDisposable
{
    private readonly WebApplication _app;

    private App(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public RequestDelegate Answer { get; set; } = http => http.Response.WriteAsync("done");

    public static async Task<App> StartAsync(CancellationToken cancellationToken, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Logging.ClearProviders();
        var app = new App(builder.Build());
        app._app.Run(app.HandleAsync);
        await app._app.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>An answer that does not come: it ends when the caller gives up.</summary>
    public static Task NeverAsync(HttpContext http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);

    /// <summary>Takes requests from now on and does not answer them.</summary>
    /// <returns>Ends once it has taken one.</returns>
    public Task HangAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer = http =>
        {
            asked.TrySetResult();
            return NeverAsync(http);
        };
        return asked.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Requests.Enqueue(new Seen(http.Request.Method, http.Request.Path.Value!, http.Request.QueryString.Value!, headers, body.ToArray()));
        await Answer(http);
    }
}
