using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>How the lookup of one key ended.</summary>
/// <param name="LookupId">The id in its spans.</param>
/// <param name="Owner">Null when the owner was not found before the deadline.</param>
/// <param name="OwnerPredecessor">Start of the interval that the owner owns.</param>
/// <param name="Postings">When they were wanted.</param>
/// <param name="Path">Hops in order, failed ones included.</param>
/// <param name="Messages">
/// Every protocol message: forwards and the answer of a recursive lookup (h + 2), questions and answers of an iterative one (2h + 2).
/// The transport's acknowledgements of forwards are none.
/// </param>
internal sealed record LookupFound(
    string LookupId, ChordContact? Owner, NodeId? OwnerPredecessor, IReadOnlyList<Posting> Postings, IReadOnlyList<Hop> Path, int Messages)
{
    public static LookupFound Nothing(string lookupId, IReadOnlyList<Hop> path, int messages) => new(lookupId, null, null, [], path, messages);

    /// <summary>The hops as a chain: each has the next as its child, after the attempts from the same node that failed.</summary>
    public IReadOnlyList<Hop> Chain()
    {
        List<Hop> next = [];
        for (var i = Path.Count - 1; i >= 0; i--)
        {
            var hop = Path[i];
            if (hop.Outcome is not null)
            {
                next.Insert(0, hop);
            }
            else
            {
                next = [hop with { Children = next.Count > 0 ? next : null }];
            }
        }

        return next;
    }
}
