using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>Operations on lists of postings.</summary>
public static class Postings
{
    /// <summary>Distinct postings ordered by name, content id and peer, ordinally, so that equal answers look equal whatever technique gave them.</summary>
    public static IReadOnlyList<Posting> InCommonOrder(this IEnumerable<Posting> postings, int limit) =>
    [
        .. postings
            .Distinct()
            .OrderBy(posting => posting.Name, StringComparer.Ordinal)
            .ThenBy(posting => posting.ContentId, StringComparer.Ordinal)
            .ThenBy(posting => posting.Peer, StringComparer.Ordinal)
            .Take(limit),
    ];
}
