using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Lookups;

/// <summary>Sends a lookup into the cloud through an entry peer.</summary>
internal sealed class LookupForwarder(EntryPeers entries, NodeForwarder forwarder, PeerProbes probes, IOptions<GatewayOptions> options)
{
    /// <summary>
    /// Answers the client. A peer that the client did not name and that cannot answer is replaced by another one, except where it says that
    /// the Napster directory does not answer: all peers ask the same one.
    /// </summary>
    /// <returns>Null when the client has its answer.</returns>
    public async Task<ProblemHttpResult?> LookupAsync(
        HttpContext http, string technique, QueryString query, string? from, CancellationToken cancellationToken)
    {
        var choice = await entries.ChooseAsync(from, cancellationToken);
        var attempts = new EntryAttempts(entries, choice.Peers);
        while (attempts.Next() is { } peer)
        {
            await using var watch = probes.Watch(peer);
            var result = await forwarder.ForwardAsync(
                http,
                peer,
                $"/lookups{query}",
                options.Value.LookupTimeout,
                response => ValueTask.FromResult(NodeTransformer.IsFromLeaving(response) ? attempts.IsLastPeer : attempts.IsLast || IsFinal(response, technique)),
                watch);
            if (result.Outcome is ForwardOutcome.Passed)
            {
                return null;
            }

            attempts.Failed(result.Reached);
        }

        return choice.Problem ?? Problems.BadGateway($"{attempts.Asked} did not answer the lookup. Try again, or another entry peer.");
    }

    private static bool IsFinal(HttpResponseMessage response, string technique) =>
        (int)response.StatusCode < StatusCodes.Status500InternalServerError
        || (technique == Techniques.Napster && response.StatusCode is HttpStatusCode.ServiceUnavailable);
}
