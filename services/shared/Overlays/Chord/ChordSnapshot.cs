using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>What a node believes at one moment, for a checker that sees all nodes at once. Reading it changes nothing.</summary>
/// <param name="Self">The node.</param>
/// <param name="IsMember">True from joining until it leaves.</param>
/// <param name="Predecessor">Null while unknown; the node itself when it is alone.</param>
/// <param name="Successors">Nearest first, each once, without the node itself; at most r.</param>
/// <param name="Fingers">Distinct fingers, nearest first.</param>
/// <param name="IsTakingOver">Keys that it owns now may still be on the way to it.</param>
public sealed record ChordSnapshot(
    ChordContact Self,
    bool IsMember,
    ChordContact? Predecessor,
    IReadOnlyList<ChordContact> Successors,
    IReadOnlyList<ChordContact> Fingers,
    bool IsTakingOver)
{
    /// <summary>The ids in the order of the extended successor list (Zave 2017): the node, then its successors.</summary>
    public IEnumerable<NodeId> ExtendedSuccessorList => Successors.Select(contact => contact.Id).Prepend(Self.Id);
}
