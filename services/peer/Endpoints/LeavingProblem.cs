using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts;

namespace P2PCloud.Peer.Endpoints;

/// <summary>What a peer that is leaving answers to what it does not take up any more: the gateway asks another one.</summary>
internal static class LeavingProblem
{
    /// <summary>Marks a response as that of a leaving peer.</summary>
    public static ProblemHttpResult Of(HttpResponse response)
    {
        response.Headers[WireHeaders.Leaving] = "true";
        return TypedResults.Problem("This peer is leaving. Try another entry peer.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
