using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using DotNet.Testcontainers.Volumes;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>
/// The whole cloud in containers on a network of their own: Redis, 2 bootstrap, 2 directory, 3 supernodes, 8 peers, 2 gateways. Each has its own address and is reached by its name; the replicas of bootstrap and of directory share one.
/// </summary>
public sealed class ClusterTopology : IAsyncDisposable
{
    /// <summary>Name of Redis among the members.</summary>
    public const string Redis = "redis";

    private const string RedisImage = "redis:7";
    private const int Replicas = 2;
    private const int Supernodes = 3;

    private readonly DockerClient _engine;
    private readonly INetwork _network = new NetworkBuilder().Build();
    private readonly Dictionary<string, IContainer> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IVolume> _volumes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _doors = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly GatewayReadiness _readiness = new();

    private Sidecars? _sidecars;

    private ClusterTopology(DockerClient engine, CallMode mode) => (_engine, Mode) = (engine, mode);

    /// <summary>Peers of a cluster that has been neither grown nor shrunk.</summary>
    public static int PeersAtStart => 8;

    /// <summary>Members of a cluster that has been neither grown nor shrunk, in the order in which they are started.</summary>
    public static IReadOnlyList<string> AllMembers { get; } =
    [
        Redis,
        .. Enumerable.Range(0, Replicas).Select(number => $"{AppIds.Bootstrap}-{number}"),
        .. Enumerable.Range(0, Replicas).Select(number => $"{AppIds.Directory}-{number}"),
        .. Enumerable.Range(0, Supernodes).Select(AppIds.Supernode),
        .. Enumerable.Range(0, PeersAtStart).Select(AppIds.Peer),
        .. Enumerable.Range(0, Replicas).Select(number => $"{AppIds.Gateway}-{number}"),
    ];

    /// <summary>How the services call each other.</summary>
    public CallMode Mode { get; }

    /// <summary>Base addresses of the gateways, also of those that do not run now.</summary>
    public IReadOnlyList<Uri> Gateways => [.. _doors.OrderBy(door => door.Key, StringComparer.Ordinal).Select(door => AddressOf(door.Value))];

    /// <summary>Settings of one member besides those that all of its kind have, by app-id; they count from its next start.</summary>
    public Dictionary<string, Dictionary<string, string>> Extra { get; } = new(StringComparer.Ordinal);

    /// <summary>Members whose data lies on a file system of so many bytes in memory, by app-id; it counts from its next start.</summary>
    public Dictionary<string, long> SmallDisks { get; } = new(StringComparer.Ordinal);

    /// <summary>Members that have a container, whether or not it runs.</summary>
    public IReadOnlyCollection<string> Members => _containers.Keys;

    /// <summary>Starts all members. <see cref="WaitUntilReadyAsync"/> says when they have found each other.</summary>
    public static async Task<ClusterTopology> StartAsync(DockerClient engine, CallMode mode, CancellationToken cancellationToken)
    {
        var cluster = new ClusterTopology(engine, mode);
        try
        {
            cluster._sidecars = mode is CallMode.Dapr ? await Sidecars.CreateAsync(cancellationToken) : null;
            await cluster._network.CreateAsync(cancellationToken);
            await cluster.StartAsync(Redis, cancellationToken);
            string[][] stages =
            [
                [.. AllMembers.Where(app => ServiceSettings.ServiceOf(app) is AppIds.Bootstrap or AppIds.Directory)],
                [.. AllMembers.Where(app => ServiceSettings.ServiceOf(app) is "supernode")],
                [.. AllMembers.Where(app => ServiceSettings.ServiceOf(app) is "peer" or AppIds.Gateway)],
            ];
            foreach (var stage in stages)
            {
                await Task.WhenAll(stage.Select(app => cluster.StartAsync(app, cancellationToken)));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every gateway says that all its overlays are ready.</summary>
    /// <exception cref="TimeoutException">Says what a gateway answered last.</exception>
    public Task WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _readiness.WaitAsync(Gateways, limit, cancellationToken);

    /// <summary>Ends a member at once, as SIGKILL does.</summary>
    public Task KillAsync(string app, CancellationToken cancellationToken) => Task.WhenAll(PodOf(app).Select(container =>
        _engine.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "SIGKILL" }, cancellationToken)));

    /// <summary>Ends a member as SIGTERM does, and kills it when it has not ended after 60 s. Its sidecar works until then.</summary>
    public async Task StopAsync(string app, CancellationToken cancellationToken)
    {
        foreach (var container in PodOf(app))
        {
            await _engine.Containers.StopContainerAsync(container, new ContainerStopParameters { WaitBeforeKillSeconds = 60 }, cancellationToken);
        }
    }

    /// <summary>Freezes a member: its connections stay, and nothing answers.</summary>
    public Task PauseAsync(string app, CancellationToken cancellationToken) =>
        Task.WhenAll(PodOf(app).Select(container => _engine.Containers.PauseContainerAsync(container, cancellationToken)));

    /// <summary>Lets a frozen member go on.</summary>
    public Task UnpauseAsync(string app, CancellationToken cancellationToken) =>
        Task.WhenAll(PodOf(app).Select(container => _engine.Containers.UnpauseContainerAsync(container, cancellationToken)));

    /// <summary>Cuts a member off from all others.</summary>
    public Task DisconnectAsync(string app, CancellationToken cancellationToken) => _engine.Networks.DisconnectNetworkAsync(
        _network.Name, new NetworkDisconnectParameters { Container = IdOf(app), Force = true }, cancellationToken);

    /// <summary>Connects a member that was cut off again, under its name.</summary>
    public Task ReconnectAsync(string app, CancellationToken cancellationToken) => _engine.Networks.ConnectNetworkAsync(
        _network.Name,
        new NetworkConnectParameters { Container = IdOf(app), EndpointConfig = new EndpointSettings { Aliases = [AliasOf(app)] } },
        cancellationToken);

    /// <summary>Starts a member in a new container, under its name and with the data it had; one that still has a container loses it.</summary>
    public async Task StartAsync(string app, CancellationToken cancellationToken)
    {
        await RemoveAsync(app);
        var container = await BuildAsync(app, cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _containers[app] = container;
        }
        finally
        {
            _gate.Release();
        }

        await container.StartAsync(cancellationToken);
        if (_sidecars is not null && Sidecars.Has(app))
        {
            await _sidecars.StartAsync(app, AliasOf(app), container.Id, cancellationToken);
        }
    }

    /// <summary>Takes a member's container away; its data stays.</summary>
    public async Task RemoveAsync(string app)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_containers.Remove(app, out var container))
            {
                await (_sidecars?.RemoveAsync(app) ?? Task.CompletedTask);
                await container.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Address of a member on the network; empty while it is not on it.</summary>
    public async Task<string> AddressOfAsync(string app, CancellationToken cancellationToken) =>
        await StateOfAsync(app, cancellationToken) is { NetworkSettings.Networks: { } networks }
            ? networks.Values.FirstOrDefault()?.IPAddress ?? "" : "";

    /// <summary>Whether a member runs, and is not frozen or cut off.</summary>
    public async Task<bool> IsWellAsync(string app, CancellationToken cancellationToken) =>
        _containers.ContainsKey(app)
        && await StateOfAsync(app, cancellationToken) is { State: { Running: true, Paused: false } }
        && await AddressOfAsync(app, cancellationToken) is not "";

    /// <summary>Writes what every member has logged into a folder, a file each.</summary>
    public async Task SaveLogsAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var (app, container) in _containers.ToList())
        {
            var (output, errors) = await container.GetLogsAsync(timestampsEnabled: true, ct: cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{app}.log"), output + errors, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_sidecars?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Task.WhenAll(_containers.Values.Select(container => container.DisposeAsync().AsTask()));
        foreach (var volume in _volumes.Values)
        {
            await volume.DisposeAsync();
        }

        await _network.DisposeAsync();
        _readiness.Dispose();
        _gate.Dispose();
    }

    /// <summary>Replicas share the name by which others call their service.</summary>
    private static string AliasOf(string app) =>
        ServiceSettings.ServiceOf(app) is AppIds.Bootstrap or AppIds.Directory ? ServiceSettings.ServiceOf(app) : app;

    private static Uri AddressOf(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>A gateway keeps its port on this machine over all its containers.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<IContainer> BuildAsync(string app, CancellationToken cancellationToken)
    {
        var builder = new ContainerBuilder(ServiceSettings.ServiceOf(app) is Redis ? RedisImage : Engine.ImageOf(ServiceSettings.ServiceOf(app)))
            .WithNetwork(_network)
            .WithNetworkAliases(AliasOf(app))
            .WithHostname(app)
            .WithWaitStrategy(Wait.ForUnixContainer());
        if (ServiceSettings.ServiceOf(app) is Redis)
        {
            return builder.WithCommand("redis-server", "--save", "", "--appendonly", "no", "--bind", "0.0.0.0", "--protected-mode", "no").Build();
        }

        builder = builder.WithImagePullPolicy(_ => false).WithEnvironment(ServiceSettings.Of(app, Mode));
        if (Extra.TryGetValue(app, out var extra))
        {
            builder = builder.WithEnvironment(extra);
        }

        if (ServiceSettings.ServiceOf(app) is AppIds.Gateway)
        {
            return builder.WithPortBinding(await DoorOfAsync(app, cancellationToken), ServiceSettings.Port).Build();
        }

        if (SmallDisks.TryGetValue(app, out var bytes))
        {
            return builder.WithCreateParameterModifier(parameters => (parameters.HostConfig ??= new HostConfig()).Tmpfs =
                new Dictionary<string, string> { [ServiceSettings.Data] = $"size={bytes},mode=1777" }).Build();
        }

        return ServiceSettings.ServiceOf(app) is "peer" or "supernode"
            ? builder.WithVolumeMount(await VolumeOfAsync(app, cancellationToken), ServiceSettings.Data).Build()
            : builder.Build();
    }

    private async Task<int> DoorOfAsync(string app, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _doors.TryGetValue(app, out var port) ? port : _doors[app] = FreePort();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IVolume> VolumeOfAsync(string app, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_volumes.TryGetValue(app, out var volume))
            {
                _volumes[app] = volume = new VolumeBuilder().Build();
                await volume.CreateAsync(cancellationToken);
            }

            return volume;
        }
        finally
        {
            _gate.Release();
        }
    }

    private string IdOf(string app) => _containers[app].Id;

    /// <summary>A member's container, and its sidecar's.</summary>
    private IEnumerable<string> PodOf(string app) => _sidecars?.IdOf(app) is { } sidecar ? [IdOf(app), sidecar] : [IdOf(app)];

    private Task<ContainerInspectResponse> StateOfAsync(string app, CancellationToken cancellationToken) =>
        _engine.Containers.InspectContainerAsync(IdOf(app), cancellationToken);
}
