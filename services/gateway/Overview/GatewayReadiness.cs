using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Overview;

/// <summary>
/// Ready when every overlay has joined: every member that BOOT lists is announced, and each that answers says it is ready. From then
/// on one ready peer is enough: a peer that joins or dies later must not close the door for all the others.
/// </summary>
internal sealed class GatewayReadiness(MembershipView membership, TopologyReader topology, IOptions<GatewayOptions> options) : IHealthCheck
{
    private volatile bool _wasReady;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // An answer that changes soon is not worth keeping.
        var observation = await topology.ReadAsync(_wasReady ? options.Value.ReadyAge : options.Value.TopologyAge, cancellationToken);
        if (!membership.Loaded)
        {
            return HealthCheckResult.Unhealthy("bootstrap: has not answered yet");
        }

        var anyReady = observation.Topology.Peers.Any(peer => peer.Ready);
        var pending = PendingOf(observation);
        if (anyReady && (_wasReady || pending.Count == 0))
        {
            _wasReady = true;
            return HealthCheckResult.Healthy();
        }

        return HealthCheckResult.Unhealthy(string.Join('\n', anyReady ? pending : [.. pending, "peers: none is ready"]));
    }

    private static List<string> PendingOf(Observation observation)
    {
        var (topology, members) = observation;
        var peers = topology.Peers.Where(peer => !peer.Ready).Select(peer => $"{peer.Peer}: {string.Join(", ", peer.Pending)}");
        var leaders = topology.Leaders.Where(leader => !leader.Ready).Select(leader => $"{leader.Leader}: no link with the other leaders");
        var said = topology.Peers.Where(peer => !peer.Ready).Select(peer => peer.Peer)
            .Concat(topology.Leaders.Where(leader => !leader.Ready).Select(leader => leader.Leader));
        var joining = members.Peers.Concat(members.Leaders).Where(member => !member.Joined).Select(member => member.Node.App);
        return [.. peers, .. leaders, .. joining.Except(said, StringComparer.Ordinal).Select(app => $"{app}: joining")];
    }
}
