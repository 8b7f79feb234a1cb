using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Nodes that vanished from a successor list without having taken their leave, as far as is known. They are dead, or on the other side of a
/// partition: which of both, only BOOT can say, whose leases the dead do not renew. Bounded: the oldest are forgotten.
/// </summary>
/// <param name="space">Of the ids.</param>
/// <param name="self">Whose list it is.</param>
/// <param name="length">r: a list that is as long ends because it is full; one that is shorter holds all others.</param>
internal sealed class MissingNodes(RingSpace space, ChordContact self, int length)
{
    private const int ListsRemembered = 4;

    private readonly List<ChordContact> _nodes = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<NodeRef> Nodes => [.. _nodes.Select(contact => contact.Node)];

    /// <summary>Takes account of a change of the list: what is in it is not missing, and neither is what lies beyond the end of a full one.</summary>
    public void Update(IReadOnlyList<ChordContact> before, IReadOnlyList<ChordContact> after)
    {
        _nodes.AddRange(before.Where(contact => !_nodes.Exists(missing => missing.Id == contact.Id)));
        _nodes.RemoveAll(contact => after.Any(present => present.Id == contact.Id));
        if (after.Count == length)
        {
            _nodes.RemoveAll(contact => space.Distance(self.Id, contact.Id) > space.Distance(self.Id, after[^1].Id));
        }

        _nodes.RemoveRange(0, Math.Max(0, _nodes.Count - (length * ListsRemembered)));
    }

    /// <summary>The node has taken its leave.</summary>
    public void Remove(ChordContact contact) => _nodes.RemoveAll(missing => missing.Id == contact.Id);

    /// <summary>Forgets all but these.</summary>
    public void Keep(IReadOnlySet<string> names) => _nodes.RemoveAll(missing => !names.Contains(missing.Node.Name));

    /// <summary>How many peers have nodes here and none in the list.</summary>
    public int CountPeers(IReadOnlyList<ChordContact> present) => _nodes.Count == 0 ? 0 : _nodes
        .Select(missing => missing.Node.App)
        .Except(present.Select(contact => contact.Node.App).Append(self.Node.App))
        .Count();
}
