using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Gateway.Files;

/// <summary>App-ids that one index named for a content.</summary>
/// <param name="Peers">The providers.</param>
/// <param name="Answered">False when the index gave no answer: then nothing is known.</param>
internal readonly record struct Named(IReadOnlyList<string> Peers, bool Answered);

/// <summary>Finds who provides a content: the last answer, then the Chord ring through any peer, then the central directory.</summary>
internal sealed class ProviderFinder(
    EntryPeers entries, NodeClient nodes, WireClient wire, ProviderCache cache, IOptions<GatewayOptions> options)
{
    private static readonly NodeRef Directory = new(AppIds.Directory);

    private int _turn;

    /// <summary>One answer after the other, asked for as the caller goes on.</summary>
    public async IAsyncEnumerable<Named> AskAsync(string contentId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (cache.Find(contentId) is { Count: > 0 } known)
        {
            // Each download begins with another one, so that all providers carry their share.
            var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)known.Count);
            yield return new Named([.. known.Skip(first), .. known.Take(first)], true);
            cache.Remove(contentId);
        }

        yield return Remembered(contentId, await FromRingAsync(contentId, cancellationToken));
        yield return Remembered(contentId, await FromDirectoryAsync(contentId, cancellationToken));
    }

    /// <summary>Every provider that the ring or the directory names, asked now.</summary>
    public async Task<Named> AllAsync(string contentId, CancellationToken cancellationToken)
    {
        cache.Remove(contentId);
        var answers = await Task.WhenAll(FromRingAsync(contentId, cancellationToken), FromDirectoryAsync(contentId, cancellationToken));
        var peers = answers.SelectMany(answer => answer.Peers).Distinct(StringComparer.Ordinal).Order(AppIdOrder.Instance);
        return new Named([.. peers], answers.Any(answer => answer.Answered));
    }

    private static Named Of(IEnumerable<Posting> postings) =>
        new([.. postings.Select(posting => posting.Peer).Distinct(StringComparer.Ordinal).Order(AppIdOrder.Instance)], true);

    private Named Remembered(string contentId, Named named)
    {
        if (named.Peers.Count > 0)
        {
            cache.Put(contentId, named.Peers);
        }

        return named;
    }

    private async Task<Named> FromRingAsync(string contentId, CancellationToken cancellationToken)
    {
        var attempts = new EntryAttempts(entries, (await entries.ChooseAsync(null, cancellationToken)).Peers);
        while (attempts.Next() is { } peer)
        {
            var result = await nodes.GetAsync(
                peer,
                $"/providers?contentId={contentId}",
                ContractsJsonContext.Default.ProvidersResult,
                options.Value.PeerTimeout,
                cancellationToken);
            if (result is not null)
            {
                return Of(result.Postings);
            }

            attempts.Failed(reached: true);
        }

        return new Named([], false);
    }

    private async Task<Named> FromDirectoryAsync(string contentId, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await wire.AskAsync(Directory, new SourcesRequest(contentId), options.Value.DirectoryTimeout, cancellationToken);
            return Of(reply.Postings);
        }
        catch (NodeUnreachableException)
        {
            return new Named([], false);
        }
    }
}
