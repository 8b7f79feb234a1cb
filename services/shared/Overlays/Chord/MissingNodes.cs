using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Nodes that vanished from a successor list without having taken their leave, as far as is known, and did not answer since. They are dead, or on
/// the other side of a partition: which of both, only BOOT can say, whose leases the dead do not renew. Bounded: the oldest are forgotten.
/// </summary>
/// <param name="space">Of the ids.</param>
/// <param name="self">Whose list it is.</param>
/// <param name="length">r: a list that is as long ends because it is full; one that is shorter holds all others.</param>
internal sealed class MissingNodes(RingSpace space, ChordContact self, int length)
{
    private const int ListsRemembered = 4;

    private readonly List<ChordContact> _nodes = [];
    private readonly List<ChordContact> _vanished = [];
    private readonly List<ChordContact> _asked = [];
    private IReadOnlyList<ChordContact> _present = [];
    private bool _wereMost;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<NodeRef> Nodes => [.. _nodes.Select(contact => contact.Node)];

    /// <summary>
    /// Peers on this part of the ring, this one's included: of those in the list, of those that are missing there, and of those that have vanished and
    /// not answered yet.
    /// </summary>
    public int PeersKnown => KnownWith(Unseen);

    /// <summary>As many peers are out of sight as are left, or more.</summary>
    public bool AreMost => Unseen.Any() && IsMost(Unseen);

    /// <summary>
    /// As many peers are or were missing as are left, or more: this one may have been cut off from most. That most are in sight again does not end it:
    /// the node may have found the others' ring and not its place there. While the ring has r members or fewer, most of all are meant; in a larger one,
    /// most of those that would be in the list.
    /// </summary>
    public bool AreOrWereMost => _wereMost || AreMost;

    private IEnumerable<ChordContact> Unseen => _nodes.Concat(_vanished).Concat(_asked);

    /// <summary>The list has changed. What is in it is not missing, and neither is what lies beyond the end of a full one.</summary>
    public void Update(IReadOnlyList<ChordContact> present)
    {
        var before = _present;
        _present = present;
        Add(_vanished, before);
        if (!_wereMost)
        {
            _nodes.RemoveAll(contact => !IsDue(contact));
            _wereMost = IsMost(_nodes);
        }
    }

    /// <summary>Nodes that vanished since they were taken last: it is to be found out whether they answer.</summary>
    public IReadOnlyList<ChordContact> TakeVanished()
    {
        List<ChordContact> vanished = [.. _vanished];
        _vanished.Clear();
        Add(_asked, vanished);
        return vanished;
    }

    /// <summary>A node that was in the list does not answer.</summary>
    public void Lose(ChordContact contact)
    {
        Answer(contact);
        Add(_nodes, [contact]);
        _wereMost |= IsMost(_nodes);
    }

    /// <summary>A node that vanished answers.</summary>
    public void Answer(ChordContact contact)
    {
        _vanished.RemoveAll(other => other.Id == contact.Id);
        _asked.RemoveAll(other => other.Id == contact.Id);
    }

    /// <summary>Nodes have taken their leave, or their leases have ended.</summary>
    public void Remove(IEnumerable<NodeRef> gone)
    {
        var names = gone.ToHashSet();
        Array.ForEach([_nodes, _vanished, _asked], nodes => nodes.RemoveAll(contact => names.Contains(contact.Node)));
        _wereMost &= _nodes.Count > 0;
        Update(_present);
    }

    /// <summary>The node has found its place again.</summary>
    public void Clear() => Remove([.. Nodes]);

    private void Add(List<ChordContact> nodes, IReadOnlyList<ChordContact> added)
    {
        nodes.RemoveAll(contact => !_wereMost && !IsDue(contact));
        nodes.AddRange(added.Where(contact => IsDue(contact) && !nodes.Exists(other => other.Id == contact.Id)));
        nodes.RemoveRange(0, Math.Max(0, nodes.Count - (length * ListsRemembered)));
    }

    private bool IsMost(IEnumerable<ChordContact> unseen) => KnownWith(unseen) >= 2 * KnownWith([]);

    private int KnownWith(IEnumerable<ChordContact> unseen) => PeersOf(_present.Concat(unseen.Where(IsDue))).Count() + 1;

    private IEnumerable<string> PeersOf(IEnumerable<ChordContact> nodes) =>
        nodes.Select(contact => contact.Node.App).Where(app => app != self.Node.App).Distinct();

    /// <summary>Whether the node would be in the list if it were there.</summary>
    private bool IsDue(ChordContact contact) =>
        !_present.Any(other => other.Id == contact.Id)
        && (_present.Count < length || space.Distance(self.Id, contact.Id) < space.Distance(self.Id, _present[^1].Id));
}
