using P2PCloud.Contracts.Api;
using P2PCloud.OverlayHosting;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Endpoints;

internal static class StateEndpoints
{
    public static void MapState(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/state", (PeerStates states, CancellationToken cancellationToken) => states.ReadAsync(cancellationToken));
        routes.MapGet("/state/leader", LeaderStateAsync);
    }

    private static async Task<LeaderState> LeaderStateAsync(PeerStates states, CancellationToken cancellationToken) =>
        await states.ReadLeaderAsync(cancellationToken) ?? throw new NodeUnreachableException("This peer is no group leader.");
}
