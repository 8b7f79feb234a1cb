using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Gateway;
using P2PCloud.Peer;
using P2PCloud.ServiceDefaults;
using P2PCloud.Supernode;

namespace P2PCloud.Local;

/// <summary>A service and where it listens.</summary>
public sealed record ServiceAddress(string App, string Endpoint);

/// <summary>The whole cloud in one process: each service is a host of its own on a loopback port, with real HTTP between them.</summary>
public sealed class LocalCloud : IAsyncDisposable
{
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Meters belong to the process. If each host had its own, the first to stop would end the measurements of all: to the one pipeline of
    /// the process instruments of the same name are one.
    /// </summary>
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly LocalCloudOptions _options;
    private readonly FileSpread _spread;
    private readonly SocketsHttpHandler _connections = NodeTransport.CreateConnections(new InvocationOptions());
    private readonly EmbeddedRedis? _redis;
    private readonly Dictionary<string, string> _fixed = [];
    private readonly List<LocalService> _services = [];

    private LocalCloud(LocalCloudOptions options)
    {
        _options = options;
        _spread = FileSpread.Over(options.ShareFolder is null ? null : Path.GetFullPath(options.ShareFolder), options.Peers);
        _redis = options.Redis is null ? new EmbeddedRedis() : null;
    }

    /// <summary>Base address of the REST interface.</summary>
    public Uri Gateway => new(Find(AppIds.Gateway).Endpoint);

    /// <summary>The services that run, in the order in which they were started.</summary>
    public IReadOnlyList<ServiceAddress> Services => [.. _services.Select(service => new ServiceAddress(service.App, service.Endpoint))];

    /// <summary>Files found in the shared folder.</summary>
    public int FilesShared => _spread.Files;

    /// <summary>Symbolic links in the shared folder, which are not followed.</summary>
    public int LinksSkipped => _spread.LinksSkipped;

    /// <summary>Pipes, sockets and devices in the shared folder, which are not opened.</summary>
    public int OthersSkipped => _spread.OthersSkipped;

    private string? DataFolder => _options.DataFolder is { } data ? Path.GetFullPath(data) : null;

    /// <summary>Starts all services. They can be called then; <see cref="WaitUntilReadyAsync"/> says when they have found each other.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The gateway's port is in use.</exception>
    /// <exception cref="OptionsValidationException">The folder for data cannot be used; says why.</exception>
    public static async Task<LocalCloud> StartAsync(LocalCloudOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var cloud = new LocalCloud(options);
        try
        {
            await cloud.StartServicesAsync(progress, cancellationToken);
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every overlay has joined and all files can be found, or the caller gives up.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReadyPoll);
        foreach (var service in _services.ToList())
        {
            while (await service.PendingAsync(cancellationToken) is not null)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>What keeps the cloud from being ready, by app-id.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        var pending = new List<string>();
        foreach (var service in _services.ToList())
        {
            if (await service.PendingAsync(cancellationToken) is { } reason)
            {
                pending.Add($"{service.App}: {reason}");
            }
        }

        return pending;
    }

    /// <summary>Stops one service gracefully, as SIGTERM does.</summary>
    public async Task StopServiceAsync(string app, CancellationToken cancellationToken)
    {
        var service = Find(app);
        _services.Remove(service);
        await service.StopAsync(cancellationToken);
        await service.DisposeAsync();
    }

    /// <summary>Ends one service without a word to anybody, as SIGKILL does.</summary>
    public async Task KillServiceAsync(string app)
    {
        var service = Find(app);
        _services.Remove(service);
        await service.DisposeAsync();
    }

    /// <summary>Starts a peer that was stopped or killed again, at another port.</summary>
    public async Task RestartPeerAsync(int number, CancellationToken cancellationToken)
    {
        var service = CreatePeer(number);
        _services.Add(service);
        await StartAsync(service, cancellationToken);
    }

    /// <summary>Stops everything gracefully: first the door, then the nodes one group at a time, then what they stand on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (_services.Count > 0)
        {
            // Peers last to first: each hands its keys to one that is still there.
            await StopServiceAsync(_services[^1].App, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_services))
        {
            await service.DisposeAsync();
        }

        _services.Clear();
        _connections.Dispose();
        _redis?.Dispose();
    }

    private async Task StartServicesAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(_redis is null ? $"using Redis at {_options.Redis}" : "embedded Redis-compatible server started");
        var lease = _options.Lease.ToString();
        await StartAsync(AppIds.Bootstrap, BootstrapService.Add, BootstrapService.Map, new() { ["Bootstrap:Lease"] = lease }, cancellationToken);
        await StartAsync(AppIds.Directory, DirectoryService.Add, DirectoryService.Map, new() { ["Directory:Lease"] = lease }, cancellationToken);
        progress?.Report("bootstrap and directory started");
        await StartTogetherAsync(_options.Supernodes, CreateSupernode, cancellationToken);
        // With all leaders known to BOOT the peers spread over them; the first one would have all the children otherwise.
        await WaitUntilReadyAsync(cancellationToken);
        await StartTogetherAsync(_options.Peers, CreatePeer, cancellationToken);
        progress?.Report($"{_options.Supernodes} supernodes and {_options.Peers} peers started");
        await StartAsync(AppIds.Gateway, GatewayService.Add, GatewayService.Map, [], cancellationToken);
    }

    private LocalService CreateSupernode(int number) => Create(
        AppIds.Supernode(number),
        SupernodeService.Add,
        SupernodeService.Map,
        new()
        {
            ["Node:App"] = AppIds.Supernode(number),
            ["Supernode:ChildLease"] = _options.Lease.ToString(),
            ["Supernode:DataDirectory"] = DataFolder,
        });

    private LocalService CreatePeer(int number)
    {
        var files = _spread.Of(number);
        var settings = new Dictionary<string, string?>
        {
            ["Node:App"] = AppIds.Peer(number),
            ["Overlays:VirtualNodes"] = $"{_options.VirtualNodes}",
            ["Overlays:PostingLease"] = _options.Lease.ToString(),
            ["Keys:DataDirectory"] = DataFolder,
            ["Share:Folder"] = files.Count > 0 ? Path.GetFullPath(_options.ShareFolder!) : null,
        };
        for (var i = 0; i < files.Count; i++)
        {
            settings[$"Share:Only:{i}"] = files[i];
        }

        return Create(AppIds.Peer(number), PeerService.Add, PeerService.Map, settings);
    }

    private async Task StartTogetherAsync(int count, Func<int, LocalService> create, CancellationToken cancellationToken)
    {
        List<LocalService> started = [.. Enumerable.Range(0, count).Select(create)];
        _services.AddRange(started);
        await Task.WhenAll(started.Select(service => StartAsync(service, cancellationToken)));
    }

    private async Task StartAsync(
        string app, Action<WebApplicationBuilder> add, Action<WebApplication> map, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var service = Create(app, add, map, settings);
        _services.Add(service);
        await StartAsync(service, cancellationToken);
        _fixed[app] = service.Endpoint;
    }

    private async Task StartAsync(LocalService service, CancellationToken cancellationToken)
    {
        await service.StartAsync(cancellationToken);
        _options.Started?.Invoke(new ServiceAddress(service.App, service.Endpoint));
    }

    private LocalService Create(string app, Action<WebApplicationBuilder> add, Action<WebApplication> map, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Without this each host would watch the content root for changed settings.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        foreach (var (known, endpoint) in _fixed)
        {
            settings[$"Invocation:Endpoints:{known}"] = endpoint;
        }

        settings["Redis:Configuration"] = _options.Redis ?? _redis!.Address;
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_connections);
        builder.Services.AddSingleton(Meters);
        builder.WebHost.ConfigureKestrel(server => Listen(server, app == AppIds.Gateway ? _options.Port : 0));
        _options.Configure?.Invoke(app, builder);
        add(builder);
        var host = builder.Build();
        map(host);
        return new LocalService(app, host);
    }

    /// <summary>A given port is taken on both loopback addresses, so that "localhost" reaches it whatever it resolves to.</summary>
    private static void Listen(KestrelServerOptions server, int port)
    {
        if (port == 0)
        {
            server.Listen(IPAddress.Loopback, 0);
        }
        else
        {
            server.ListenLocalhost(port);
        }
    }

    private LocalService Find(string app) =>
        _services.Find(service => service.App == app) ?? throw new ArgumentException($"No service {app} runs here.", nameof(app));
}
