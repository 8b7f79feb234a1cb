using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.ClusterLoad.Tests;

/// <summary>A gateway that does what the REST interface promises, in memory, and on demand something else.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (byte[] Value, string Version)> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Name, byte[] Bytes)> _files = new(StringComparer.Ordinal);
    private int _lastVersion;

    private FakeGateway(WebApplication app) => _app = app;

    /// <summary>Base address.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Method and path of each request, in the order in which they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Their queries.</summary>
    public ConcurrentQueue<string> Queries { get; } = new();

    /// <summary>Asked first with each request; true: it has answered.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<FakeGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gateway = new FakeGateway(app);
        app.Use(gateway.BeforeAsync);
        app.MapPut("/api/v1/keys/{**key}", gateway.PutAsync);
        app.MapGet("/api/v1/keys/{**key}", gateway.Get);
        app.MapPut("/api/v1/files", gateway.ShareAsync);
        app.MapGet("/api/v1/files/{id}", (string id) => gateway._files.TryGetValue(id, out var file) ? Results.Bytes(file.Bytes) : Missing());
        app.MapGet("/api/v1/lookups", gateway.Lookup);
        await app.StartAsync();
        return gateway;
    }

    /// <summary>Answers 503 with problem details.</summary>
    public static async Task<bool> RefuseAsync(HttpContext http)
    {
        await Results.Problem("not now", statusCode: 503).ExecuteAsync(http);
        return true;
    }

    /// <summary>Keeps all requests from now on from being answered until they are released.</summary>
    public Held Hold()
    {
        var held = new Held();
        Instead = held.WaitAsync;
        return held;
    }

    /// <summary>Never answers; ends when the client gives up.</summary>
    public static async Task<bool> HangAsync(HttpContext http)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult Missing() => Results.Problem("there is none", statusCode: 404);

    private async Task BeforeAsync(HttpContext http, RequestDelegate next)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
        Queries.Enqueue(http.Request.QueryString.Value ?? "");
        if (Instead is not { } instead || !await instead(http))
        {
            await next(http);
        }
    }

    private async Task<KeyWritten> PutAsync(string key, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var version = $"{Interlocked.Increment(ref _lastVersion):x16}-peer-0#1";
        _keys[key] = (body.ToArray(), version);
        return new KeyWritten(key, version, "peer-0#1", 3, 1);
    }

    private IResult Get(string key, HttpResponse response)
    {
        if (!_keys.TryGetValue(key, out var found))
        {
            return Missing();
        }

        response.Headers.ETag = $"\"{found.Version}\"";
        return Results.Bytes(found.Value);
    }

    private async Task<IResult> ShareAsync(string name, HttpRequest request, string? peer = null)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var id = Convert.ToHexStringLower(SHA256.HashData(body.ToArray()));
        _files[id] = (name, body.ToArray());
        return Results.Created($"/api/v1/files/{id}", new Posting(id, name, body.Length, peer ?? "peer-0"));
    }

    private LookupResult Lookup(string q, string technique)
    {
        var words = q.Split(' ');
        var matches = _files.Where(file => words.All(word => file.Value.Name.Split(' ', '.').Contains(word)))
            .Select(file => new LookupMatch(file.Key, file.Value.Name, file.Value.Bytes.Length, [new LookupProvider("peer-0")]));
        return new LookupResult(technique, q, "peer-0", [.. matches], [], 2, 1, "", true);
    }

    /// <summary>Requests that wait.</summary>
    internal sealed class Held
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        /// <summary>How many have come.</summary>
        public int Count => Volatile.Read(ref _count);

        public void Release() => _released.TrySetResult();

        public async Task<bool> WaitAsync(HttpContext http)
        {
            Interlocked.Increment(ref _count);
            await _released.Task;
            return false;
        }
    }
}
