using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Where a lookup goes next.</summary>
/// <param name="Final">The candidates are this node's successors, the first of which owns the key.</param>
/// <param name="Candidates">Best first; the node itself when it owns the key.</param>
internal sealed record Step(bool Final, IReadOnlyList<ChordContact> Candidates);

/// <summary>find_successor's choice of the next node (ToN 2003, figure 4), over successor list, fingers and sibling virtual nodes.</summary>
internal sealed class Router(ChordNode node)
{
    private const int CandidatesMax = 8;

    /// <summary>The next step for a key that this node does not own.</summary>
    public Step Next(NodeId key)
    {
        var ring = node.Ring;
        if (ring.IsAlone)
        {
            return new Step(true, [ring.Self]);
        }

        if (ring.Space.IsInHalfOpen(ring.Self.Id, key, ring.Successor.Id))
        {
            return new Step(true, [.. Unsuspected(ring.Successors).Take(CandidatesMax)]);
        }

        var preceding = ring.Successors.Concat(node.Fingers.Distinct).Concat(node.Siblings)
            .Where(contact => ring.Space.IsBetween(ring.Self.Id, contact.Id, key))
            .DistinctBy(contact => contact.Id)
            .OrderBy(contact => ring.Space.Distance(contact.Id, key));
        return new Step(false, [.. Unsuspected(preceding).Take(CandidatesMax)]);
    }

    /// <summary>Those that answered lately first; the others are better than none.</summary>
    private List<ChordContact> Unsuspected(IEnumerable<ChordContact> contacts)
    {
        var all = contacts.ToList();
        var trusted = all.Where(contact => !node.Contacts.IsSuspect(contact, node.Now)).ToList();
        return trusted.Count > 0 ? trusted : all;
    }
}
