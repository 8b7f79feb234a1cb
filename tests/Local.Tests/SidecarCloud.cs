using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using P2PCloud.Contracts;
using P2PCloud.Sidecar;

namespace P2PCloud.Local.Tests;

/// <summary>A cloud in Dapr mode, in which every service has a sidecar of its own: each call goes through two.</summary>
internal sealed class SidecarCloud : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _apps = new();
    private readonly ConcurrentDictionary<string, string> _names = new();
    private readonly ConcurrentDictionary<string, bool> _blackHoles = new();
    private readonly Dictionary<string, SidecarDouble> _sidecars = [];
    private readonly string _release;

    private SidecarCloud(string release) => _release = release;

    public LocalCloud Cloud { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts a cloud and waits until it is ready.</summary>
    /// <param name="peers">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="release">What the app ids of BOOT and the directory begin with, as where a release's name is a part of them.</param>
    public static async Task<SidecarCloud> StartAsync(int peers, CancellationToken cancellationToken, string release = "")
    {
        var cloud = new SidecarCloud(release);
        var options = new LocalCloudOptions
        {
            Port = 0,
            Peers = peers,
            VirtualNodes = 2,
            Started = service => cloud._apps[service.App] = service.Endpoint,
            Configure = (app, builder) => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Invocation:Mode"] = "Dapr",
                ["Invocation:DaprEndpoint"] = cloud._sidecars[app].Api,
                ["Invocation:AppIds:bootstrap"] = release + AppIds.Bootstrap,
                ["Invocation:AppIds:directory"] = release + AppIds.Directory,
                // A node that others could only reach at this address would not be reached.
                ["Node:Endpoint"] = "http://127.0.0.1:1",
            }),
        };
        var apps = Enumerable.Range(0, peers).Select(AppIds.Peer).Concat(Enumerable.Range(0, options.Supernodes).Select(AppIds.Supernode))
            .Concat([AppIds.Bootstrap, AppIds.Directory, AppIds.Gateway]);
        foreach (var app in apps)
        {
            await cloud.AddSidecarAsync(app, cancellationToken);
        }

        cloud.Cloud = await LocalCloud.StartAsync(options, null, cancellationToken);
        await cloud.Cloud.WaitUntilReadyAsync(cancellationToken);
        cloud.Http = new HttpClient { BaseAddress = cloud.Cloud.Gateway };
        return cloud;
    }

    public SidecarDouble SidecarOf(string app) => _sidecars[app];

    /// <summary>Connections to the app's sidecar neither open nor fail from now on.</summary>
    public void BlackHole(string app) => _blackHoles[_names[app]] = true;

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

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await (Cloud?.DisposeAsync() ?? default);
        foreach (var sidecar in _sidecars.Values)
        {
            await sidecar.DisposeAsync();
        }
    }

    private async Task AddSidecarAsync(string app, CancellationToken cancellationToken)
    {
        var name = app is AppIds.Bootstrap or AppIds.Directory ? _release + app : app;
        var sidecar = await SidecarDouble.StartAsync(
            new SidecarSettings
            {
                AppId = name,
                AppAddress = () => _apps.GetValueOrDefault(app),
                Resolve = _names.GetValueOrDefault,
                IsBlackHole = _blackHoles.ContainsKey,
                RetryInterval = TimeSpan.FromMilliseconds(100),
            },
            cancellationToken);
        _sidecars[app] = sidecar;
        _names[name] = sidecar.Internal;
    }
}
