using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Files;

/// <summary>Ends the sharing of a content, at one peer or at all.</summary>
internal sealed class RemovalService(
    ProviderFinder providers,
    ProviderCache cache,
    MembershipView membership,
    EntryPeers entries,
    NodeClient nodes,
    IOptions<GatewayOptions> options)
{
    /// <summary>Asks the named peer, or every provider.</summary>
    /// <returns>The problem; null when at least one peer stopped sharing it and none can share it still.</returns>
    public async Task<ProblemHttpResult?> RemoveAsync(string contentId, string? named, CancellationToken cancellationToken)
    {
        var (peers, problem) = await FindAsync(contentId, named, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var answers = await Task.WhenAll(peers.Select(async peer => (
            peer.App, Removed: await nodes.StopSharingAsync(peer, contentId, options.Value.PeerTimeout, cancellationToken))));
        cache.Remove(contentId);
        var silent = answers.Where(answer => answer.Removed is null).Select(answer => answer.App).ToList();
        if (silent.Count > 0)
        {
            return Problems.BadGateway($"No answer from {string.Join(", ", silent)}, which may share {contentId} still. Try again.");
        }

        return Array.Exists(answers, answer => answer.Removed is true)
            ? null
            : Problems.NotFound($"{(string.IsNullOrEmpty(named) ? "No peer shares" : $"{named} does not share")} {contentId}.");
    }

    private async Task<(IReadOnlyList<NodeRef> Peers, ProblemHttpResult? Problem)> FindAsync(
        string contentId, string? named, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(named))
        {
            var choice = await entries.ChooseAsync(named, cancellationToken);
            return (choice.Peers, choice.Problem);
        }

        var all = await providers.AllAsync(contentId, cancellationToken);
        if (!all.Answered)
        {
            return ([], Problems.Unavailable("Neither a peer nor the directory could be asked who provides this content. Try again soon."));
        }

        var peers = new List<NodeRef>();
        foreach (var app in all.Peers)
        {
            if (await membership.FindAsync(app, cancellationToken) is { } peer)
            {
                peers.Add(peer);
            }
        }

        return (peers, null);
    }
}
