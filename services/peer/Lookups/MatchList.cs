using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Peer.Lookups;

/// <summary>Postings grouped by content.</summary>
public static class MatchList
{
    /// <summary>One match a content, in the order of the postings, with its providers in ordinal order.</summary>
    public static IEnumerable<LookupMatch> Of(IEnumerable<Posting> postings) => postings
        .GroupBy(posting => posting.ContentId, StringComparer.Ordinal)
        .Select(same => new LookupMatch(
            same.Key,
            same.First().Name,
            same.First().Size,
            [.. same.Select(posting => posting.Peer).Distinct().Order(StringComparer.Ordinal).Select(peer => new LookupProvider(peer))]));
}
