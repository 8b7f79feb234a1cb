using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Lookups;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Endpoints;

internal static class LookupEndpoints
{
    public static void MapLookups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lookups", LookupAsync);
        routes.MapGet("/providers", ProvidersAsync);
    }

    private static async Task<Results<Ok<LookupResult>, ProblemHttpResult>> LookupAsync(
        HttpResponse response, LookupService lookups, PeerEngines engines, CancellationToken cancellationToken, string q = "", string technique = "", string? mode = null, int limit = 100)
    {
        if (!Techniques.All.Contains(technique))
        {
            return Refuse($"'{technique}' is not a technique; use one of {string.Join(", ", Techniques.All)}.");
        }

        if (q.Length > SearchTerms.QueryLengthMax || SearchTerms.Words(q).Count == 0)
        {
            return Refuse($"q needs at least one letter or digit and has at most {SearchTerms.QueryLengthMax} characters.");
        }

        if (LookupModes.Find(technique, mode) is not { } how)
        {
            return Refuse(LookupModes.ProblemOf(technique, mode)!);
        }

        if (limit is < 1 or > LookupService.PostingsMax)
        {
            return Refuse($"limit is 1 to {LookupService.PostingsMax}.");
        }

        // A peer without its links would answer that there is nothing.
        if (!engines.IsLeaving && await lookups.LookupAsync(technique, q, how, limit, cancellationToken) is { } result && !engines.IsLeaving)
        {
            return TypedResults.Ok(result);
        }

        return engines.IsLeaving
            ? LeavingProblem.Of(response)
            : TypedResults.Problem(UnavailableDetail(technique), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<ProvidersResult>, ProblemHttpResult>> ProvidersAsync(
        string contentId, PeerEngines engines, CancellationToken cancellationToken)
    {
        if (engines.Of(Techniques.Chord) is not { } chord)
        {
            throw new NodeUnreachableException("The node is not running.");
        }

        var found = await chord.CommandAsync(new ProvidersCommand(contentId), cancellationToken);
        return found.Outcome is SearchOutcome.Failed
            ? TypedResults.Problem(UnavailableDetail(Techniques.Chord), statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(new ProvidersResult(found.Postings));
    }

    private static ProblemHttpResult Refuse(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    private static string UnavailableDetail(string technique) => technique switch
    {
        Techniques.Napster => "The Napster directory does not answer. The other techniques do not need it.",
        Techniques.Kazaa => "This peer has no group leader that answers. It is looking for another one; try again soon.",
        Techniques.Chord => "The Chord ring does not answer at this peer yet. Try again soon, or another entry peer.",
        _ => "This peer has not joined yet. Try again soon, or another entry peer.",
    };
}
