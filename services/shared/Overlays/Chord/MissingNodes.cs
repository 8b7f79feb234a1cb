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
    private IReadOnlyList<ChordContact> _present = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<NodeRef> Nodes => [.. _nodes.Select(contact => contact.Node)];

    /// <summary>Peers on this part of the ring, this one's included: of those in the list and of those that are missing there.</summary>
    public int PeersKnown => PeersOf(_present.Concat(_nodes.Where(IsDue))).Count() + 1;

    /// <summary>
    /// As many peers were missing as were left, or more: this one may have been cut off from most. That most are in sight again does not end it: the
    /// node may have found the others' ring and not its place there.
    /// </summary>
    public bool WereMost { get; private set; }

    /// <summary>As many peers are missing as are left, or more.</summary>
    public bool AreMost => PeersOf(_nodes.Where(IsDue)).Except(PeersOf(_present)).Count() * 2 >= PeersKnown;

    /// <summary>The list has changed. What is in it is not missing, and neither is what lies beyond the end of a full one.</summary>
    public void Update(IReadOnlyList<ChordContact> present)
    {
        var before = _present;
        _present = present;
        Add(_vanished, before);
        if (!WereMost)
        {
            _nodes.RemoveAll(contact => !IsDue(contact));
            WereMost = AreMost;
        }
    }

    /// <summary>Nodes that vanished since they were taken last: it is to be found out whether they answer.</summary>
    public IReadOnlyList<ChordContact> TakeVanished()
    {
        List<ChordContact> vanished = [.. _vanished];
        _vanished.Clear();
        return vanished;
    }

    /// <summary>A node that was in the list does not answer.</summary>
    public void Lose(ChordContact contact)
    {
        _vanished.Remove(contact);
        Add(_nodes, [contact]);
        WereMost |= AreMost;
    }

    /// <summary>The node has taken its leave.</summary>
    public void Remove(ChordContact contact)
    {
        _vanished.RemoveAll(vanished => vanished.Id == contact.Id);
        Forget(missing => missing.Id == contact.Id);
    }

    /// <summary>Only these have a lease; the others are gone for good.</summary>
    public void Keep(IReadOnlySet<string> live) => Forget(missing => !live.Contains(missing.Node.Name));

    /// <summary>The node has found its place again.</summary>
    public void Clear() => Forget(_ => true);

    private void Add(List<ChordContact> nodes, IReadOnlyList<ChordContact> added)
    {
        nodes.RemoveAll(contact => !WereMost && !IsDue(contact));
        nodes.AddRange(added.Where(contact => IsDue(contact) && !nodes.Exists(other => other.Id == contact.Id)));
        nodes.RemoveRange(0, Math.Max(0, nodes.Count - (length * ListsRemembered)));
    }

    private void Forget(Predicate<ChordContact> isGone)
    {
        _nodes.RemoveAll(isGone);
        WereMost &= _nodes.Count > 0;
        Update(_present);
    }

    private IEnumerable<string> PeersOf(IEnumerable<ChordContact> nodes) =>
        nodes.Select(contact => contact.Node.App).Where(app => app != self.Node.App).Distinct();

    /// <summary>Whether the node would be in the list if it were there.</summary>
    private bool IsDue(ChordContact contact) =>
        !_present.Any(other => other.Id == contact.Id)
        && (_present.Count < length || space.Distance(self.Id, contact.Id) < space.Distance(self.Id, _present[^1].Id));
}
