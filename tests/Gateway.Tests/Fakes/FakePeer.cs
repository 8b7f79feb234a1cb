using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Gateway.Tests.Fakes;

/// <summary>A request as a fake received it.</summary>
internal sealed record Received(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers);

/// <summary>A peer's internal surface, answered from memory.</summary>
internal sealed class FakePeer(string app) : IAsyncDisposable
{
    private FakeHost? _host;

    public string App => app;

    public NodeRef Ref => new(app, null, _host!.Address);

    public ConcurrentDictionary<string, (string Name, byte[] Bytes)> Files { get; } = new();

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>What the ring names as providers.</summary>
    public ImmutableList<Posting> Providers { get; set; } = [];

    public bool RingAnswers { get; set; } = true;

    public bool Ready { get; set; } = true;

    /// <summary>What the ring answers about every key.</summary>
    public KeyAnswer KeyAnswer { get; set; } = new(KeyOutcomes.Ok);

    /// <summary>The value of the last write.</summary>
    public byte[]? Written { get; private set; }

    /// <summary>Runs before each answer.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    public async Task<FakePeer> StartAsync()
    {
        _host = await FakeHost.StartAsync(Map);
        return this;
    }

    /// <summary>Holds a file.</summary>
    /// <returns>Its content id.</returns>
    public string Hold(string name, byte[] bytes)
    {
        var contentId = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Files[contentId] = (name, bytes);
        return contentId;
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Map(WebApplication routes)
    {
        routes.Use(async (http, next) =>
        {
            var request = http.Request;
            Requests.Enqueue(new Received(
                request.Method,
                request.Path,
                request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
                request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            if (!await Before(http))
            {
                await next(http);
            }
        });
        routes.MapGet("/lookups", (HttpContext http, string q, string technique, int limit) =>
        {
            http.Response.Headers["p2p-inner"] = "secret";
            var hop = new LookupHop(0, null, app, "peer-9", false, 1.5);
            return TypedResults.Ok(new LookupResult(technique, q, app, [], [hop], limit, 2.5, new string('0', 32), true));
        });
        routes.MapPut("/files", PutAsync);
        routes.MapDelete("/files", (string contentId) => Files.TryRemove(contentId, out _) ? Results.NoContent() : Missing());
        routes.MapMethods("/content", ["GET", "HEAD"], Get);
        routes.MapGet("/providers", () =>
            RingAnswers ? Results.Ok(new ProvidersResult(Providers)) : Results.Problem("No ring.", statusCode: 503));
        routes.MapGet("/keys", () => TypedResults.Ok(KeyAnswer));
        routes.MapDelete("/keys", () => TypedResults.Ok(KeyAnswer));
        routes.MapPut("/keys", async (HttpContext http) =>
        {
            using var bytes = new MemoryStream();
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
            Written = bytes.ToArray();
            return TypedResults.Ok(KeyAnswer);
        });
        routes.MapGet("/state", () => TypedResults.Ok(
            new PeerState(app, Ref.Endpoint, Ready, Ready ? [] : ["chord: joining"], Files.Count, [], [], "supernode-0")));
    }

    private IResult Get(string id)
    {
        var tag = new EntityTagHeaderValue($"\"{id}\"");
        return Files.TryGetValue(id, out var file)
            ? Results.Bytes(file.Bytes, "application/octet-stream", file.Name, enableRangeProcessing: true, entityTag: tag)
            : Missing();
    }

    private async Task<IResult> PutAsync(HttpContext http, string name)
    {
        if (name.Contains("refused", StringComparison.Ordinal))
        {
            return Results.Problem("This peer refuses the name.", statusCode: 400);
        }

        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        var contentId = Hold(name, bytes.ToArray());
        return Results.Created($"/content?id={contentId}", new SharedFile(contentId, name, bytes.Length));
    }

    private static IResult Missing() => Results.Problem("Not here.", statusCode: 404);
}
