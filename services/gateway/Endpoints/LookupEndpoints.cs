using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Lookups;

namespace P2PCloud.Gateway.Endpoints;

/// <summary>Lookups.</summary>
internal static class LookupEndpoints
{
    public static void MapLookups(this IEndpointRouteBuilder api) =>
        api.MapGet("/lookups", LookupAsync).WithTags("Lookups").WithName("lookup").WithSummary("Find files by one technique")
            .WithDescription("Enters the cloud at a peer and finds the files whose names contain all words of q. The answer has the "
                + "matches with their providers, every hop (a flood is a tree through parent), and the number of protocol messages.")
            .Produces<LookupResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> LookupAsync(
        HttpContext http,
        LookupForwarder lookups,
        CancellationToken cancellationToken,
        [Description("Words of the file's name, in any order; without case and accents. At most 256 characters.")] string? q = null,
        [Description("How to look: ask the central directory, flood, ask the group leaders, or follow the ring.")] string? technique = null,
        [Description("The entry peer; by default each joined peer in turn.")] string? from = null,
        [Description("For chord: nodes pass the lookup on (recursive), or the entry peer asks each (iterative). For gnutella: to all neighbours "
            + "(flood), floods of growing TTL until there is a hit (expanding-ring), or walkers that go from neighbour to neighbour (random-walk). "
            + "By default the technique's first.")] string? mode = null,
        [Description("Matches in the answer, at most.")] string? limit = null)
    {
        if (LookupQuery.ProblemOf(q, technique, mode, limit) is { } bad)
        {
            return Problems.BadRequest(bad);
        }

        var query = QueryString.Create("q", q!)
            .Add("technique", technique!)
            .Add("limit", LookupQuery.LimitOf(limit, LookupQuery.LimitMax).ToString(CultureInfo.InvariantCulture));
        var problem = await lookups.LookupAsync(http, technique!, mode is null ? query : query.Add("mode", mode), from, cancellationToken);
        return problem is null ? TypedResults.Empty : problem;
    }
}
