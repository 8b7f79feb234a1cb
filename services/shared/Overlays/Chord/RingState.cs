using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// A node's place on the ring. The successor list holds the next r members, nearest first, each once. While the ring has r members or
/// fewer, it holds all others and ends before the node itself; alone, it is empty and the node is its own successor.
/// </summary>
/// <remarks>With <c>open</c>, a planted defect, the node does not own its own id.</remarks>
internal sealed class RingState(RingSpace space, ChordContact self, int length, bool open = false)
{
    private List<ChordContact> _successors = [];
    private bool _isMember;
    private ChordContact? _predecessor;

    public RingSpace Space { get; } = space;

    public ChordContact Self { get; } = self;

    /// <summary>True from the moment of joining until the node leaves.</summary>
    public bool IsMember
    {
        get => _isMember;
        set
        {
            _isMember = value;
            Version++;
        }
    }

    /// <summary>Null while unknown; the node itself when it is alone.</summary>
    public ChordContact? Predecessor
    {
        get => _predecessor;
        set
        {
            if (_predecessor?.Id != value?.Id)
            {
                Version++;
            }

            _predecessor = value;
        }
    }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public IReadOnlyList<ChordContact> Successors => _successors;

    public ChordContact Successor => _successors.Count > 0 ? _successors[0] : Self;

    public bool IsAlone => _successors.Count == 0;

    /// <summary>Nodes that vanished from the list.</summary>
    public MissingNodes Missing { get; } = new(space, self, length);

    /// <summary>Whether the node owns a key: false while the predecessor is unknown.</summary>
    public bool Owns(NodeId key) => IsMember && Predecessor is { } predecessor && IsInOwned(predecessor.Id, key);

    /// <summary>Whether a key is in (from, self].</summary>
    public bool IsInOwned(NodeId from, NodeId key) => open ? Space.IsBetween(from, key, Self.Id) : Space.IsInHalfOpen(from, key, Self.Id);

    /// <summary>Takes over the successor's list (ToN 2003, section IV-E-3): the successor, then its own successors, cut to r and before this node.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Follow(ChordContact successor, IEnumerable<ChordContact> its)
    {
        var list = new List<ChordContact>();
        foreach (var contact in its.Prepend(successor))
        {
            if (contact.Id == Self.Id || list.Count == length)
            {
                break;
            }

            // Clockwise order is what makes a list a list of successors: an entry out of order is stale.
            if (list.Count == 0 || Space.IsBetween(list[^1].Id, contact.Id, Self.Id))
            {
                list.Add(contact);
            }
        }

        return Take(list);
    }

    /// <summary>Takes a dead or departed node out.</summary>
    /// <param name="contact">That node.</param>
    /// <param name="silent">It does not answer; false when it has taken its leave.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(ChordContact contact, bool silent)
    {
        var removed = Take([.. _successors.Where(other => other.Id != contact.Id)]);
        if (!silent)
        {
            Missing.Remove([contact.Node]);
        }
        else if (removed)
        {
            Missing.Lose(contact);
        }

        return removed;
    }

    private bool Take(List<ChordContact> list)
    {
        var changed = !list.SequenceEqual(_successors);
        if (changed)
        {
            _successors = list;
            Missing.Update(list);
            Version++;
        }

        return changed;
    }

    /// <summary>The first nodes of the list on distinct apps other than this one's.</summary>
    public IEnumerable<ChordContact> DistinctPeers(int count) =>
        _successors.Where(contact => contact.Node.App != Self.Node.App).DistinctBy(contact => contact.Node.App).Take(count);
}
