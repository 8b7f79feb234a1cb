using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using DotNet.Testcontainers.Volumes;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>How the container of each member is built, with what stays when it is built anew: the volumes of peers, and the ports of gateways.</summary>
/// <param name="network">That all are on.</param>
/// <param name="mode">How services call each other.</param>
public sealed class MemberContainers(INetwork network, CallMode mode) : IAsyncDisposable
{
    private const string RedisImage = "redis:7";

    private readonly Dictionary<string, IVolume> _volumes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _doors = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string _host = IPAddress.Loopback.ToString();

    /// <summary>Base addresses of all gateways that were ever built.</summary>
    public IReadOnlyList<Uri> Gateways => [.. _doors.Keys.Order(StringComparer.Ordinal).Select(AddressOf)];

    /// <summary>Settings of one member besides those that all of its kind have, by app-id.</summary>
    public Dictionary<string, Dictionary<string, string>> Extra { get; } = new(StringComparer.Ordinal);

    /// <summary>Members whose data lies on a file system of so many bytes in memory, by app-id.</summary>
    public Dictionary<string, long> SmallDisks { get; } = new(StringComparer.Ordinal);

    /// <summary>Replicas share the name by which others call their service.</summary>
    public static string AliasOf(string app) =>
        ServiceSettings.ServiceOf(app) is AppIds.Bootstrap or AppIds.Directory ? ServiceSettings.ServiceOf(app) : app;

    /// <summary>Base address of a gateway, seen from this machine.</summary>
    public Uri AddressOf(string gateway) => new($"http://{_host}:{_doors[gateway]}");

    /// <summary>The container of a member; it is not started.</summary>
    /// <param name="app">App-id.</param>
    /// <param name="pod">Container whose network it shares; null for one of its own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IContainer> BuildAsync(string app, string? pod, CancellationToken cancellationToken)
    {
        var builder = new ContainerBuilder(ServiceSettings.ServiceOf(app) is ClusterTopology.Redis ? RedisImage : Engine.ImageOf(ServiceSettings.ServiceOf(app)))
            .WithWaitStrategy(Wait.ForUnixContainer());
        builder = pod is null
            ? await OnNetworkAsync(builder, app, cancellationToken)
            : builder.WithCreateParameterModifier(parameters => (parameters.HostConfig ??= new HostConfig()).NetworkMode = $"container:{pod}");
        if (ServiceSettings.ServiceOf(app) is ClusterTopology.Redis)
        {
            return builder.WithCommand("redis-server", "--save", "", "--appendonly", "no", "--bind", "0.0.0.0", "--protected-mode", "no").Build();
        }

        builder = builder.WithImagePullPolicy(_ => false).WithEnvironment(ServiceSettings.Of(app, mode));
        if (Extra.TryGetValue(app, out var extra))
        {
            builder = builder.WithEnvironment(extra);
        }

        if (ServiceSettings.ServiceOf(app) is AppIds.Gateway)
        {
            var gateway = builder.Build();
            _host = gateway.Hostname;
            return gateway;
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

    /// <summary>Puts a container on the network under the name of a member, a gateway with its port on this machine.</summary>
    public async Task<ContainerBuilder> OnNetworkAsync(ContainerBuilder builder, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var named = builder.WithNetwork(network).WithNetworkAliases(AliasOf(app)).WithHostname(app);
        return ServiceSettings.ServiceOf(app) is AppIds.Gateway
            ? named.WithPortBinding(await DoorOfAsync(app, cancellationToken), ServiceSettings.Port)
            : named;
    }

    private async Task<int> DoorOfAsync(string app, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _doors.TryGetValue(app, out var port) ? port : _doors[app] = FreePort(_doors.Values);
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

    /// <summary>Removes the volumes.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var volume in _volumes.Values)
        {
            await volume.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>
    /// A gateway keeps its port on this machine over all its containers. Not one that the system gives to connections: such a one could be taken while
    /// the gateway is away.
    /// </summary>
    private static int FreePort(IEnumerable<int> taken)
    {
        const int first = 18_000;
        const int last = 23_000;
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).Concat(taken).ToHashSet();
        // Not always the first: another run on this machine looks for its own.
        var start = RandomNumberGenerator.GetInt32(first, last);
        return Enumerable.Range(start, last - first).First(port => !used.Contains(port));
    }
}
