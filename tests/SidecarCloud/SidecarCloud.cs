using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using P2PCloud.Contracts;
using P2PCloud.Local;

namespace P2PCloud.Sidecar;

/// <summary>Size and names of a <see cref="SidecarCloud"/>.</summary>
public sealed record SidecarCloudOptions
{
    /// <summary>Ordinary peers.</summary>
    public required int Peers { get; init; }

    /// <summary>KaZaA group leaders.</summary>
    public int Supernodes { get; init; } = new LocalCloudOptions().Supernodes;

    /// <summary>How long a dead peer stays in the indexes and with BOOT, at most.</summary>
    public TimeSpan Lease { get; init; } = new LocalCloudOptions().Lease;

    /// <summary>What every app id begins with, as where a release's name is a part of them.</summary>
    public string Release { get; init; } = "";

    /// <summary>Further settings of services, by their options' keys.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Called for every service before it is built: its name without the release's, and its builder.</summary>
    public Action<string, WebApplicationBuilder>? Configure { get; init; }

    /// <summary>Completes the settings of a service's sidecar: the service's name without the release's, and what they are so far.</summary>
    public Func<string, SidecarSettings, SidecarSettings> Sidecar { get; init; } = (_, settings) => settings;
}

/// <summary>A cloud in Dapr mode, in which every service has a sidecar of its own, with tokens both ways: each call goes through two.</summary>
public sealed class SidecarCloud : IAsyncDisposable
{
    private const string ApiToken = "from-app-to-sidecar";
    private const string AppToken = "from-sidecar-to-app";

    private readonly ConcurrentDictionary<string, string> _apps = new();
    private readonly ConcurrentDictionary<AppName, string> _names = new();
    private readonly ConcurrentDictionary<string, bool> _blackHoles = new();
    private readonly Dictionary<string, SidecarDouble> _sidecars = [];
    private readonly SidecarCloudOptions _options;

    private SidecarCloud(SidecarCloudOptions options) => _options = options;

    /// <summary>The services. Its names of them are without the release's.</summary>
    public LocalCloud Cloud { get; private set; } = null!;

    /// <summary>Asks the gateway.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts a cloud and waits until it is ready.</summary>
    public static async Task<SidecarCloud> StartAsync(SidecarCloudOptions options, CancellationToken cancellationToken)
    {
        var cloud = new SidecarCloud(options);
        try
        {
            await cloud.StartAsync(cancellationToken);
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>The sidecar of a service, by the service's name without the release's.</summary>
    public SidecarDouble SidecarOf(string app) => _sidecars[app];

    /// <summary>Connections to the app's sidecar neither open nor fail from now on.</summary>
    public void BlackHole(string app) => _blackHoles[_sidecars[app].Internal] = true;

    /// <summary>Connections to the app's sidecar open again.</summary>
    public void Reopen(string app) => _blackHoles.TryRemove(_sidecars[app].Internal, out _);

    /// <summary>Ends a peer and its sidecar without a word, and starts both again at other addresses, under the same name.</summary>
    public async Task MovePeerAsync(int number, CancellationToken cancellationToken)
    {
        var app = AppIds.Peer(number);
        await Cloud.KillServiceAsync(app);
        _apps.TryRemove(app, out _);
        await _sidecars[app].DisposeAsync();
        await AddSidecarAsync(app, cancellationToken);
        await Cloud.RestartPeerAsync(number, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await (Cloud?.DisposeAsync() ?? default);
        foreach (var sidecar in _sidecars.Values)
        {
            await sidecar.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // Dapr's client takes the token from the process's environment alone: it is the same for all clouds.
        Environment.SetEnvironmentVariable("DAPR_API_TOKEN", ApiToken);
        var apps = Enumerable.Range(0, _options.Peers).Select(AppIds.Peer).Concat(Enumerable.Range(0, _options.Supernodes).Select(AppIds.Supernode))
            .Concat([AppIds.Bootstrap, AppIds.Directory, AppIds.Gateway]);
        foreach (var app in apps)
        {
            await AddSidecarAsync(app, cancellationToken);
        }

        var options = new LocalCloudOptions
        {
            Port = 0,
            Peers = _options.Peers,
            Supernodes = _options.Supernodes,
            VirtualNodes = 2,
            Lease = _options.Lease,
            Started = service => _apps[service.App] = service.Endpoint,
            Configure = Configure,
        };
        Cloud = await LocalCloud.StartAsync(options, null, cancellationToken);
        Http = new HttpClient { BaseAddress = Cloud.Gateway };
        await Cloud.WaitUntilReadyAsync(cancellationToken);
    }

    private void Configure(string app, WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(_options.Settings)
        {
            ["Invocation:Mode"] = "Dapr",
            ["Invocation:DaprEndpoint"] = _sidecars[app].Api,
            ["Invocation:AppIds:bootstrap"] = _options.Release + AppIds.Bootstrap,
            ["Invocation:AppIds:directory"] = _options.Release + AppIds.Directory,
            ["Node:App"] = _options.Release + app,
            // A node that others could only reach at this address would not be reached.
            ["Node:Endpoint"] = "http://127.0.0.1:1",
            ["APP_API_TOKEN"] = TokenOf(app),
        });
        _options.Configure?.Invoke(app, builder);
    }

    /// <summary>The gateway is for callers without a sidecar.</summary>
    private static string? TokenOf(string app) => app == AppIds.Gateway ? null : AppToken;

    private async Task AddSidecarAsync(string app, CancellationToken cancellationToken)
    {
        var settings = _options.Sidecar(app, new SidecarSettings
        {
            AppId = _options.Release + app,
            AppAddress = () => _apps.GetValueOrDefault(app),
            ApiToken = ApiToken,
            AppToken = TokenOf(app),
            Resolve = (name, _) => ValueTask.FromResult(_names.GetValueOrDefault(name)),
            IsBlackHole = _blackHoles.ContainsKey,
            RetryInterval = TimeSpan.FromMilliseconds(100),
        });
        var sidecar = await SidecarDouble.StartAsync(settings, cancellationToken);
        _sidecars[app] = sidecar;
        _names[new AppName(settings.AppId, settings.Namespace)] = sidecar.Internal;
    }
}
