using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Supernode;

/// <summary>The one engine of a group leader.</summary>
public sealed class SupernodeEngines(
    WireClient wire,
    TimeProvider time,
    IOptions<SupernodeOptions> options,
    ContactFile contacts,
    IHostApplicationLifetime lifetime,
    ILogger<SupernodeEngines> logger)
    : INodeEngines, IAsyncDisposable
{
    private EngineHost? _leader;

    /// <summary>The leader; null before it runs.</summary>
    public EngineHost? Leader => _leader;

    /// <inheritdoc/>
    public Task StartAsync(NodeRef self, CancellationToken cancellationToken)
    {
        var boot = new BootParameters
        {
            Bootstrap = new NodeRef(AppIds.Bootstrap),
            Incarnation = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Contacts = contacts.Contacts,
        };
        var parameters = new KazaaParameters
        {
            ChildrenMax = options.Value.ChildrenMax,
            Degree = options.Value.Degree,
            Ttl = options.Value.Ttl,
            ChildLease = options.Value.ChildLease,
        };
        var engine = new KazaaLeader(self, Seeds.Fresh(), boot, parameters);
        _leader = new EngineHost(engine, wire, time, logger, _ => lifetime.StopApplication(), contacts: contacts);
        _leader.Start();
        return Task.CompletedTask;
    }

    /// <summary>What the leader believes now.</summary>
    /// <exception cref="NodeUnreachableException">It does not run.</exception>
    public async Task<LeaderState> StateAsync(CancellationToken cancellationToken)
    {
        var leader = _leader ?? throw new NodeUnreachableException("The node is not running.");
        var status = await leader.CommandAsync(new KazaaLeaderStatusCommand(), cancellationToken);
        return new LeaderState(
            leader.Self.App, leader.Self.Endpoint, status.Pending is null, status.Children, [.. status.Links.Select(link => link.App)], status.Postings);
    }

    /// <inheritdoc/>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        _leader?.CommandAsync(new LeaveCommand(), cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync() => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _leader, null) is { } leader)
        {
            await leader.DisposeAsync();
        }
    }
}
