using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Overview;

namespace P2PCloud.Gateway.Endpoints;

/// <summary>The shape of the overlays.</summary>
internal static class TopologyEndpoints
{
    public static void MapTopology(this IEndpointRouteBuilder api) =>
        api.MapGet("/topology", ReadAsync).WithTags("Topology").WithName("topology").WithSummary("See the overlays")
            .WithDescription("Asks every member now: peers with their Chord virtual nodes (ids, predecessors, successors, fingers), their "
                + "Gnutella links and their group leader; group leaders with their children; and the members that did not answer.");

    private static async Task<Ok<Topology>> ReadAsync(
        TopologyReader reader, IOptions<GatewayOptions> options, CancellationToken cancellationToken) =>
        TypedResults.Ok((await reader.ReadAsync(options.Value.TopologyAge, cancellationToken)).Topology);
}
