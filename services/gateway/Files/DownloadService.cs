using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Files;

/// <summary>Streams a content from the first provider that has it; those that are gone or lost it are passed over.</summary>
internal sealed class DownloadService(
    ProviderFinder providers,
    ProviderCache cache,
    MembershipView membership,
    EntryPeers entries,
    NodeForwarder forwarder,
    IOptions<GatewayOptions> options)
{
    /// <summary>Answers the client.</summary>
    /// <returns>Null when the client has its answer.</returns>
    public async Task<ProblemHttpResult?> StreamAsync(HttpContext http, string contentId, CancellationToken cancellationToken)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var unreachable = new List<string>();
        var anyAnswer = false;
        await foreach (var named in providers.AskAsync(contentId, cancellationToken))
        {
            anyAnswer |= named.Answered;
            foreach (var app in named.Peers.Where(app => tried.Count < options.Value.ProviderAttempts && tried.Add(app)))
            {
                var (passed, problem) = await TryAsync(http, contentId, app, cancellationToken);
                switch (passed?.Outcome)
                {
                    case ForwardOutcome.Passed:
                        return null;
                    case ForwardOutcome.Declined when problem is not null:
                        return problem;
                    case ForwardOutcome.Declined:
                        cache.Remove(contentId);
                        break;
                    default:
                        unreachable.Add(app);
                        break;
                }
            }
        }

        return Missing(contentId, anyAnswer, unreachable);
    }

    private async Task<(Forwarded? Result, ProblemHttpResult? Problem)> TryAsync(
        HttpContext http, string contentId, string app, CancellationToken cancellationToken)
    {
        if (await membership.FindAsync(app, cancellationToken) is not { } peer)
        {
            return (null, null);
        }

        string? length = null;
        var result = await forwarder.ForwardAsync(http, peer, $"/content?id={contentId}", options.Value.PeerTimeout, response =>
        {
            length = response.Content.Headers.ContentRange?.Length is { } bytes ? $"It has {bytes} bytes." : "";
            return ValueTask.FromResult(response.StatusCode
                is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NotModified or HttpStatusCode.PreconditionFailed);
        });
        if (result.Outcome is ForwardOutcome.Unreachable)
        {
            entries.Suspect(peer);
        }

        return (result, result.Status is StatusCodes.Status416RangeNotSatisfiable
            ? Problems.RangeNotSatisfiable($"The content has no such range. {length}".TrimEnd())
            : null);
    }

    private static ProblemHttpResult Missing(string contentId, bool anyAnswer, List<string> unreachable)
    {
        if (!anyAnswer)
        {
            return Problems.Unavailable("Neither a peer nor the directory could be asked who provides this content. Try again soon.");
        }

        return unreachable.Count == 0
            ? Problems.NotFound($"No peer shares {contentId}.")
            : Problems.NotFound($"No peer that answers shares {contentId}. Not reachable: {string.Join(", ", unreachable)}.");
    }
}
