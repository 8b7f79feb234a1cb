using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>Keyword search on the ring: each word's key is looked up, all at once, and the postings of its owner are intersected.</summary>
internal sealed class Searcher(ChordNode node)
{
    /// <summary>Finds the postings whose names have every word of the query.</summary>
    public void Search(SearchCommand search, Action<SearchResult> done)
    {
        var words = search.Query.Length > SearchTerms.QueryLengthMax ? [] : SearchTerms.Words(search.Query);
        LookUp(words, search.Mode, search.Limit, posting => SearchTerms.Matches(words, posting.Name), done);
    }

    /// <summary>Finds the postings of a content.</summary>
    public void Providers(string contentId, Action<SearchResult> done) =>
        LookUp([contentId], LookupMode.Recursive, int.MaxValue, posting => posting.ContentId == contentId, done);

    private void LookUp(IReadOnlyList<string> texts, LookupMode mode, int limit, Func<Posting, bool> matches, Action<SearchResult> done)
    {
        var found = new LookupFound?[texts.Count];
        var waiting = texts.Count;
        if (waiting == 0)
        {
            done(new SearchResult("", SearchOutcome.Failed, [], [], 0));
            return;
        }

        for (var i = 0; i < texts.Count; i++)
        {
            var index = i;
            node.Lookups.Start(node.Ring.Space.Hash(texts[i]), mode, fetch: true, result =>
            {
                found[index] = result;
                if (--waiting == 0)
                {
                    done(Intersect([.. found.OfType<LookupFound>()], matches, limit));
                }
            });
        }
    }

    private static SearchResult Intersect(List<LookupFound> found, Func<Posting, bool> matches, int limit)
    {
        var answered = found.Where(result => result.Owner is not null).ToList();
        var outcome = answered.Count == found.Count ? SearchOutcome.Complete
            : answered.Count > 0 ? SearchOutcome.Partial
            : SearchOutcome.Failed;
        var postings = answered
            .Select(result => result.Postings.Where(matches))
            .Aggregate((IEnumerable<Posting>?)null, (common, next) => common?.Intersect(next) ?? next);
        return new SearchResult(
            found[0].LookupId,
            outcome,
            (postings ?? []).InCommonOrder(limit),
            [.. found.SelectMany(result => result.Chain())],
            found.Sum(result => result.Messages));
    }
}
