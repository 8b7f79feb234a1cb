using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using P2PCloud.Contracts;
using Topology = P2PCloud.Contracts.Api.Topology;

namespace P2PCloud.Cluster.Tests;

/// <summary>
/// The whole cloud in containers on a network of their own: Redis, 2 bootstrap, 2 directory, 3 supernodes, 8 peers, 2 gateways. Each has its own address and is reached by its name; the replicas of bootstrap and of directory share one.
/// </summary>
public sealed class ClusterTopology : IAsyncDisposable
{
    /// <summary>Name of Redis among the members.</summary>
    public const string Redis = "redis";

    private const int Replicas = 2;
    private const int Supernodes = 3;

    private const int KilledBySignal9 = 137;

    private readonly DockerClient _engine;
    private readonly INetwork _network = new NetworkBuilder().Build();
    private readonly INetwork _island = new NetworkBuilder().Build();
    private readonly MemberContainers _members;
    private readonly ConcurrentDictionary<string, IContainer> _containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _away = new(StringComparer.Ordinal);
    private readonly GatewayView _view = new();

    private Sidecars? _sidecars;

    private ClusterTopology(DockerClient engine, CallMode mode) =>
        (_engine, Mode, _members) = (engine, mode, new MemberContainers(_network, mode));

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
    public IReadOnlyList<Uri> Gateways => _members.Gateways;

    /// <summary>Settings of one member besides those that all of its kind have, by app-id; they count from its next start.</summary>
    public Dictionary<string, Dictionary<string, string>> Extra => _members.Extra;

    /// <summary>Members whose data lies on a file system of so many bytes in memory, by app-id; it counts from its next start.</summary>
    public Dictionary<string, long> SmallDisks => _members.SmallDisks;

    /// <summary>Members that have a container, whether or not it runs.</summary>
    public IReadOnlyCollection<string> Members => [.. _containers.Keys];

    /// <summary>Members that nobody has killed, stopped, frozen or cut off.</summary>
    public IReadOnlyCollection<string> Present => [.. _containers.Keys.Where(app => !_away.ContainsKey(app))];

    /// <summary>Starts all members. <see cref="WaitUntilConvergedAsync"/> says when they have found each other.</summary>
    public static async Task<ClusterTopology> StartAsync(DockerClient engine, CallMode mode, CancellationToken cancellationToken)
    {
        var cluster = new ClusterTopology(engine, mode);
        try
        {
            cluster._sidecars = mode is CallMode.Dapr ? await Sidecars.CreateAsync(cluster._members, cancellationToken) : null;
            await cluster._network.CreateAsync(cancellationToken);
            await cluster._island.CreateAsync(cancellationToken);
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

    /// <summary>Waits until each gateway that is present sees all members that are, and no others, as one cloud: <see cref="Convergence"/>.</summary>
    /// <exception cref="TimeoutException">Says what is missing, and at which gateway.</exception>
    public Task WaitUntilConvergedAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var (peers, supernodes) = (PresentOf("peer"), PresentOf("supernode"));
        var gateways = PresentOf(AppIds.Gateway).Select(_members.AddressOf);
        return _view.WaitAsync(gateways, topology => Convergence.Missing(topology, peers, supernodes), limit, cancellationToken);
    }

    /// <summary>The cloud as the first gateway that is present sees it.</summary>
    public Task<Topology> ReadAsync(CancellationToken cancellationToken) =>
        _view.ReadAsync(_members.AddressOf(PresentOf(AppIds.Gateway)[0]), cancellationToken);

    /// <summary>Members that are present and do not run: they ended by themselves.</summary>
    public async Task<IReadOnlyList<string>> EndedAsync(CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(Present.Select(async app => (App: app, IsWell: await IsWellAsync(app, cancellationToken))));
        return [.. states.Where(state => !state.IsWell).Select(state => state.App).Order(StringComparer.Ordinal)];
    }

    /// <summary>Ends a member at once, as SIGKILL does.</summary>
    public Task KillAsync(string app, CancellationToken cancellationToken)
    {
        _away[app] = true;
        return Task.WhenAll(PodOf(app).Select(container =>
            _engine.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "SIGKILL" }, cancellationToken)));
    }

    /// <summary>Ends a member as SIGTERM does. Its sidecar works until it has ended.</summary>
    /// <exception cref="TimeoutException">It did not end within 60 s, and was killed.</exception>
    public async Task StopAsync(string app, CancellationToken cancellationToken)
    {
        _away[app] = true;
        foreach (var container in PodOf(app))
        {
            await _engine.Containers.StopContainerAsync(container, new ContainerStopParameters { WaitBeforeKillSeconds = 60 }, cancellationToken);
        }

        if (await StateOfAsync(IdOf(app), cancellationToken) is { State.ExitCode: KilledBySignal9 })
        {
            throw new TimeoutException($"{app} had not ended 60 s after SIGTERM.");
        }
    }

    /// <summary>Freezes a member: its connections stay, and nothing answers.</summary>
    public Task PauseAsync(string app, CancellationToken cancellationToken)
    {
        _away[app] = true;
        return Task.WhenAll(PodOf(app).Select(container => _engine.Containers.PauseContainerAsync(container, cancellationToken)));
    }

    /// <summary>Lets a frozen member go on.</summary>
    public Task UnpauseAsync(string app, CancellationToken cancellationToken)
    {
        _away.TryRemove(app, out _);
        return Task.WhenAll(PodOf(app).Select(container => _engine.Containers.UnpauseContainerAsync(container, cancellationToken)));
    }

    /// <summary>Cuts a member off from all others.</summary>
    public Task DisconnectAsync(string app, CancellationToken cancellationToken)
    {
        _away[app] = true;
        return LeaveAsync(_network, app, cancellationToken);
    }

    /// <summary>Connects a member that was cut off again, under its name.</summary>
    public async Task ReconnectAsync(string app, CancellationToken cancellationToken)
    {
        _away.TryRemove(app, out _);
        await EnterAsync(_network, app, cancellationToken);
        _addresses[app] = await AddressOfAsync(app, cancellationToken);
    }

    /// <summary>Cuts members off from the others, but not from each other.</summary>
    public Task IsolateAsync(IEnumerable<string> apps, CancellationToken cancellationToken) => Task.WhenAll(apps.Select(async app =>
    {
        await EnterAsync(_island, app, cancellationToken);
        await DisconnectAsync(app, cancellationToken);
    }));

    /// <summary>Connects members that were cut off together with the others again.</summary>
    public Task RejoinAsync(IEnumerable<string> apps, CancellationToken cancellationToken) => Task.WhenAll(apps.Select(async app =>
    {
        await ReconnectAsync(app, cancellationToken);
        await LeaveAsync(_island, app, cancellationToken);
    }));

    /// <summary>Starts a member in a new container, under its name and with the data it had; one that still has a container loses it.</summary>
    public async Task StartAsync(string app, CancellationToken cancellationToken)
    {
        await RemoveAsync(app);
        var sidecar = _sidecars is not null && Sidecars.Has(app) ? await _sidecars.StartAsync(app, cancellationToken) : null;
        var container = await _members.BuildAsync(app, sidecar, cancellationToken);
        _containers[app] = container;
        await container.StartAsync(cancellationToken);
        _addresses[app] = await AddressOfAsync(app, cancellationToken);
        _away.TryRemove(app, out _);
    }

    /// <summary>Starts a member that was killed, at another address than it had.</summary>
    public async Task StartElsewhereAsync(string app, CancellationToken cancellationToken)
    {
        var before = _addresses[app];
        // The engine gives out the lowest free address: something else takes the one that the member had.
        await StartAsync($"{Redis}-spare", cancellationToken);
        await StartAsync(app, cancellationToken);
        if (await AddressOfAsync(app, cancellationToken) == before)
        {
            throw new InvalidOperationException($"{app} has its old address {before}.");
        }
    }

    /// <summary>Takes a member's container away; its data stays.</summary>
    public async Task RemoveAsync(string app)
    {
        if (_containers.TryRemove(app, out var container))
        {
            await container.DisposeAsync();
            await (_sidecars?.RemoveAsync(app) ?? Task.CompletedTask);
        }
    }

    /// <summary>Whether a member runs, and is not frozen or cut off.</summary>
    public async Task<bool> IsWellAsync(string app, CancellationToken cancellationToken) =>
        _containers.ContainsKey(app)
        && await StateOfAsync(IdOf(app), cancellationToken) is { State: { Running: true, Paused: false } }
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

        await (_sidecars?.SaveLogsAsync(folder, cancellationToken) ?? Task.CompletedTask);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_containers.Values.Select(container => container.DisposeAsync().AsTask()));
        await (_sidecars?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _members.DisposeAsync();
        await _network.DisposeAsync();
        await _island.DisposeAsync();
        _view.Dispose();
    }

    private List<string> PresentOf(string service) =>
        [.. Present.Where(app => ServiceSettings.ServiceOf(app) == service).Order(StringComparer.Ordinal)];

    private Task EnterAsync(INetwork network, string app, CancellationToken cancellationToken) => _engine.Networks.ConnectNetworkAsync(
        network.Name,
        new NetworkConnectParameters { Container = NetworkOf(app), EndpointConfig = new EndpointSettings { Aliases = [MemberContainers.AliasOf(app)] } },
        cancellationToken);

    private Task LeaveAsync(INetwork network, string app, CancellationToken cancellationToken) => _engine.Networks.DisconnectNetworkAsync(
        network.Name, new NetworkDisconnectParameters { Container = NetworkOf(app), Force = true }, cancellationToken);

    /// <summary>Address of a member on the common network; empty while it is not on it.</summary>
    private async Task<string> AddressOfAsync(string app, CancellationToken cancellationToken) =>
        await StateOfAsync(NetworkOf(app), cancellationToken) is { NetworkSettings.Networks: { } networks }
        && networks.TryGetValue(_network.Name, out var own)
            ? own.IPAddress ?? "" : "";

    private string IdOf(string app) => _containers[app].Id;

    /// <summary>A member's container, and its sidecar's.</summary>
    private IEnumerable<string> PodOf(string app) => _sidecars?.IdOf(app) is { } sidecar ? [IdOf(app), sidecar] : [IdOf(app)];

    /// <summary>The container that a member's network belongs to.</summary>
    private string NetworkOf(string app) => _sidecars?.IdOf(app) ?? IdOf(app);

    private Task<ContainerInspectResponse> StateOfAsync(string container, CancellationToken cancellationToken) =>
        _engine.Containers.InspectContainerAsync(container, cancellationToken);
}
