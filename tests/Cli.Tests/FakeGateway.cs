using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;

namespace P2PCloud.Cli.Tests;

/// <summary>A gateway on a free port that answers what a test tells it to.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeGateway(WebApplication application) => _application = application;

    /// <summary>Base address without a slash at the end.</summary>
    public string Address => _application.Urls.Single();

    /// <summary>Method, path and query of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Name and bytes of each upload.</summary>
    public ConcurrentDictionary<string, byte[]> Uploads { get; } = [];

    /// <summary>Value of each key that was put.</summary>
    public ConcurrentDictionary<string, byte[]> Values { get; } = [];

    /// <summary>The key of each request as it stood in the request line.</summary>
    public ConcurrentQueue<string> RawKeys { get; } = [];

    /// <summary>If-Match and If-None-Match of each request about a key.</summary>
    public ConcurrentQueue<(string IfMatch, string IfNoneMatch)> Conditions { get; } = [];

    public RequestDelegate OnKey { get; set; } = NotExpected;

    public RequestDelegate OnLookup { get; set; } = NotExpected;

    public RequestDelegate OnTopology { get; set; } = NotExpected;

    public RequestDelegate OnGet { get; set; } = NotExpected;

    public RequestDelegate? OnPut { get; set; }

    public static async Task<FakeGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new FakeGateway(builder.Build());
        gateway.Map();
        await gateway._application.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    public static Task JsonAsync<T>(HttpContext http, T body, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, typeof(T), ContractsJsonContext.Default, cancellationToken: http.RequestAborted);
    }

    public static RequestDelegate Problem(int status, string detail) => http => Results.Problem(detail, statusCode: status).ExecuteAsync(http);

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static Task NotExpected(HttpContext http) => Problem(StatusCodes.Status501NotImplemented, "not expected in this test")(http);

    private void Map()
    {
        _application.Use(async (http, next) =>
        {
            Requests.Enqueue($"{http.Request.Method} {http.Request.Path}{Uri.UnescapeDataString(http.Request.QueryString.Value ?? "")}");
            await next(http);
        });
        _application.MapGet("/api/v1/lookups", http => OnLookup(http));
        _application.MapGet("/api/v1/topology", http => OnTopology(http));
        _application.MapGet("/api/v1/files/{id}", http => OnGet(http));
        _application.Map("/api/v1/keys/{**key}", http =>
        {
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            RawKeys.Enqueue(target["/api/v1/keys/".Length..target.IndexOf('?', StringComparison.Ordinal)]);
            Conditions.Enqueue((http.Request.Headers.IfMatch.ToString(), http.Request.Headers.IfNoneMatch.ToString()));
            return OnKey(http);
        });
        _application.MapPut("/api/v1/files", http => (OnPut ?? StoreAsync)(http));
    }

    private async Task StoreAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var name = http.Request.Query["name"].ToString();
        Uploads[name] = body.ToArray();
        var peer = http.Request.Query["peer"].FirstOrDefault() ?? "peer-0";
        await JsonAsync(http, new Posting(Samples.IdOf(body.ToArray()), name, body.Length, peer), StatusCodes.Status201Created);
    }
}
