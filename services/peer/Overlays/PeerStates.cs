using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Peer.Overlays;

/// <summary>What this peer's nodes believe now.</summary>
public sealed class PeerStates(PeerEngines engines, PeerReadiness readiness, SharedFiles files)
{
    /// <summary>The state of the peer.</summary>
    /// <exception cref="NodeUnreachableException">It does not run.</exception>
    public async Task<PeerState> ReadAsync(CancellationToken cancellationToken)
    {
        if (engines is not { Self: { } self, Gnutella: { } gnutella } || engines.Of(Techniques.Kazaa) is not { } kazaa)
        {
            throw new NodeUnreachableException("The node is not running.");
        }

        var links = await gnutella.CommandAsync(new GnutellaStatusCommand(), cancellationToken);
        var child = await kazaa.CommandAsync(new KazaaChildStatusCommand(), cancellationToken);
        var virtualNodes = new List<VirtualNodeState>();
        foreach (var node in engines.ChordNodes)
        {
            virtualNodes.Add((await node.CommandAsync(new ChordStatusCommand(), cancellationToken)).State);
        }

        var pending = await readiness.PendingAsync(cancellationToken);
        return new PeerState(
            self.App, self.Endpoint, pending.Count == 0, pending, files.Count, virtualNodes, [.. links.Links.Select(link => link.App)], child.Leader?.App);
    }

    /// <summary>The state of the group leader at this peer; null when it does not lead.</summary>
    /// <exception cref="NodeUnreachableException">The peer does not run.</exception>
    public async Task<LeaderState?> ReadLeaderAsync(CancellationToken cancellationToken) =>
        engines.KazaaLeader(KazaaNodes.LeaderVirtualNode) is { Self: var self } host
        && (await host.CommandAsync(new KazaaCandidateStatusCommand(), cancellationToken)).Leader is { } leader
            ? new LeaderState(
                self.App, self.Endpoint, leader.Pending is null, leader.Children, [.. leader.Links.Select(link => link.App)], leader.Postings)
            : null;
}
