using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Napster;
using P2PCloud.Gateway.Membership;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Gateway.Files;

/// <summary>Lists what is shared, from the one place that knows all of it: the central directory.</summary>
internal sealed class FileLister(WireClient wire, IOptions<GatewayOptions> options)
{
    private static readonly NodeRef Directory = new(AppIds.Directory);

    /// <summary>A page; null when the directory does not answer.</summary>
    public async Task<FilePage?> ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await wire.AskAsync(Directory, new ListRequest(limit, after), options.Value.DirectoryTimeout, cancellationToken);
            var byContent = reply.Postings.GroupBy(posting => posting.ContentId, StringComparer.Ordinal);
            return new FilePage([.. byContent.Select(MatchOf)], reply.Next);
        }
        catch (NodeUnreachableException)
        {
            return null;
        }
    }

    private static LookupMatch MatchOf(IGrouping<string, Posting> same)
    {
        var peers = same.Select(posting => posting.Peer).Distinct(StringComparer.Ordinal).Order(AppIdOrder.Instance);
        return new LookupMatch(same.Key, same.First().Name, same.First().Size, [.. peers.Select(peer => new LookupProvider(peer))]);
    }
}
