using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Peer.Overlays;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Peer.Endpoints;

internal static class StateEndpoints
{
    public static void MapState(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/state", StateAsync);
        routes.MapGet("/state/leader", LeaderStateAsync);
    }

    private static async Task<LeaderState> LeaderStateAsync(PeerEngines engines, CancellationToken cancellationToken)
    {
        if (engines.KazaaLeader(KazaaNodes.LeaderVirtualNode) is not { Self: var self } host
            || (await host.CommandAsync(new KazaaCandidateStatusCommand(), cancellationToken)).Leader is not { } leader)
        {
            throw new NodeUnreachableException("This peer is no group leader.");
        }

        return new LeaderState(
            self.App, self.Endpoint, leader.Pending is null, leader.Children, [.. leader.Links.Select(link => link.App)], leader.Postings);
    }

    private static async Task<PeerState> StateAsync(
        PeerEngines engines, PeerReadiness readiness, SharedFiles files, CancellationToken cancellationToken)
    {
        if (engines is not { Self: { } self, Gnutella: { } gnutella } || engines.Of(Contracts.Techniques.Kazaa) is not { } kazaa)
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
}
