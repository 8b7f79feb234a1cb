using System.Collections.Concurrent;
using System.Text.Json;

namespace P2PCloud.Sidecar.Tests;

/// <summary>A caller's sidecar, and an app <c>peer-7</c> with its own.</summary>
internal sealed class Pair : IAsyncDisposable
{
    public const string Caller = "peer-3";
    public const string Callee = "peer-7";

    private readonly List<SidecarDouble> _sidecars = [];

    private Pair(App app) => App = app;

    public App App { get; }

    /// <summary>What name resolution answers.</summary>
    public ConcurrentDictionary<string, string> Names { get; } = new();

    public SidecarDouble CalleeSidecar { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Pair> StartAsync(Func<SidecarSettings, SidecarSettings>? configure = null)
    {
        var pair = new Pair(await App.StartAsync(Token));
        pair.CalleeSidecar = await pair.AddAsync(Callee, pair.App.Address, configure);
        var caller = await pair.AddAsync(Caller, "http://127.0.0.1:1", configure);
        pair.Http = new HttpClient { BaseAddress = new Uri(caller.Api) };
        return pair;
    }

    /// <summary>Starts a sidecar, whose name is known from then on.</summary>
    public async Task<SidecarDouble> AddAsync(string app, string address, Func<SidecarSettings, SidecarSettings>? configure = null)
    {
        var settings = new SidecarSettings
        {
            AppId = app,
            AppAddress = () => address,
            Resolve = Names.GetValueOrDefault,
            RetryInterval = TimeSpan.FromMilliseconds(10),
        };
        var sidecar = await SidecarDouble.StartAsync(configure?.Invoke(settings) ?? settings, Token);
        _sidecars.Add(sidecar);
        Names[app] = sidecar.Internal;
        return sidecar;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

    public Task<HttpResponseMessage> GetAsync(string path, string app = Callee) => Http.GetAsync($"/v1.0/invoke/{app}/method{path}", Token);

    public Task<HttpResponseMessage> PostAsync(HttpContent content) => Http.PostAsync($"/v1.0/invoke/{Callee}/method/write", content, Token);

    /// <summary>The sidecar's own error in an answer.</summary>
    public static async Task<(int Status, string? Code)> ErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return ((int)response.StatusCode, body.RootElement.GetProperty("errorCode").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var sidecar in _sidecars)
        {
            await sidecar.DisposeAsync();
        }

        await App.DisposeAsync();
    }
}
