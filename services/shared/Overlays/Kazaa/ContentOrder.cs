using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>What a limited answer keeps.</summary>
public static class ContentOrder
{
    /// <summary>
    /// At most <paramref name="limit"/> distinct postings, in the common order: first one of each content, then its further sources, and
    /// last further names at the same source. So neither the names nor the sources of one content displace another content: the same
    /// content is the same content id, whatever its names are.
    /// </summary>
    public static IReadOnlyList<Posting> ContentsFirst(this IEnumerable<Posting> postings, int limit)
    {
        var all = postings.InCommonOrder(int.MaxValue);
        return all.Count <= limit ? all : all
            .GroupBy(posting => posting.ContentId, StringComparer.Ordinal)
            .SelectMany(content => SourcesFirst(content).Select((posting, rank) => (posting, rank)))
            .OrderBy(entry => entry.rank)
            .Take(limit)
            .Select(entry => entry.posting)
            .InCommonOrder(limit);
    }

    private static IEnumerable<Posting> SourcesFirst(IEnumerable<Posting> content) => content
        .GroupBy(posting => posting.Peer, StringComparer.Ordinal)
        .SelectMany(source => source.Select((posting, name) => (posting, name)))
        .OrderBy(entry => entry.name)
        .Select(entry => entry.posting);
}
