using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar.Tests;

/// <summary>A caller's sidecar, and an app <c>peer-7</c> with its own.</summary>
internal sealed class Pair : IAsyncDisposable
{
    public const string Caller = "peer-3";
    public const string Callee = "peer-7";

    private readonly List<SidecarDouble> _sidecars = [];
    private (AppName Name, string Address)? _next;

    private Pair(App app) => App = app;

    public App App { get; }

    /// <summary>What name resolution answers.</summary>
    public ConcurrentDictionary<AppName, string> Names { get; } = new();

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<AppName> Resolved { get; } = new();

    public SidecarDouble CalleeSidecar { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Pair> StartAsync(Func<SidecarSettings, SidecarSettings>? configure = null, RequestDelegate? answer = null)
    {
        var pair = new Pair(await App.StartAsync(Token));
        pair.App.Answer = answer ?? pair.App.Answer;
        pair.CalleeSidecar = await pair.AddAsync(Callee, pair.App.Address, configure);
        var caller = await pair.AddAsync(Caller, "http://127.0.0.1:1", configure);
        pair.Http = new HttpClient { BaseAddress = new Uri(caller.Api) };
        return pair;
    }

    /// <summary>Waits for something that cannot be awaited.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }

    /// <summary>Starts a sidecar, whose name is known from then on.</summary>
    public async Task<SidecarDouble> AddAsync(string app, string address, Func<SidecarSettings, SidecarSettings>? configure = null)
    {
        var settings = new SidecarSettings
        {
            AppId = app,
            AppAddress = () => address,
            Resolve = ResolveAsync,
            RetryInterval = TimeSpan.FromMilliseconds(10),
        };
        settings = configure?.Invoke(settings) ?? settings;
        var sidecar = await SidecarDouble.StartAsync(settings, Token);
        _sidecars.Add(sidecar);
        Names[new AppName(settings.AppId, settings.Namespace)] = sidecar.Internal;
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

    /// <summary>What name resolution answers from now on.</summary>
    public void Name(string app, string address) => Names[new AppName(app, "default")] = address;

    /// <summary>What name resolution answers once it was asked one more time.</summary>
    public void NameAfterNext(string app, string address) => _next = (new AppName(app, "default"), address);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var sidecar in _sidecars)
        {
            await sidecar.DisposeAsync();
        }

        await App.DisposeAsync();
    }

    private ValueTask<string?> ResolveAsync(AppName app, CancellationToken cancellationToken)
    {
        Resolved.Enqueue(app);
        var address = Names.GetValueOrDefault(app);
        if (_next is var (name, next))
        {
            Names[name] = next;
            _next = null;
        }

        return ValueTask.FromResult(address);
    }
}
