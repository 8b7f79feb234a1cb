using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// finger[i] = successor(n + 2^i), 0 &lt;= i &lt; m (ToN 2003, table I, counted from 0). Fingers whose start lies up to the successor are
/// the successor itself and are not kept; the others are looked up one at a time. They make lookups short and never decide what is right.
/// </summary>
internal sealed class FingerTable(ChordNode node)
{
    private const int TicksBetweenRefreshes = 2;

    private readonly SortedDictionary<int, ChordContact> _fingers = [];
    private bool _refreshing;
    private int _ticks;
    private int _next;

    private RingState Ring => node.Ring;

    /// <summary>Distinct fingers, nearest first.</summary>
    public IEnumerable<ChordContact> Distinct => _fingers.Values.DistinctBy(contact => contact.Id);

    /// <summary>Looks all of them up, one after the other.</summary>
    public void Refresh()
    {
        _next = Ring.Space.Bits - 1;
        Continue(all: true);
    }

    /// <summary>Looks the next one up; called at each stabilization.</summary>
    public void Tick()
    {
        if (++_ticks % TicksBetweenRefreshes == 0)
        {
            Continue(all: false);
        }
    }

    /// <summary>Takes a dead or departed node out.</summary>
    public void Remove(ChordContact contact)
    {
        foreach (var index in _fingers.Where(entry => entry.Value.Id == contact.Id).Select(entry => entry.Key).ToList())
        {
            _fingers.Remove(index);
        }
    }

    private NodeId StartOf(int index) => Ring.Space.Add(Ring.Self.Id, UInt128.One << index);

    private bool IsBeyondSuccessor(int index) => !Ring.Space.IsInHalfOpen(Ring.Self.Id, StartOf(index), Ring.Successor.Id);

    private void Continue(bool all)
    {
        if (_refreshing || !Ring.IsMember || Ring.IsAlone)
        {
            return;
        }

        if (_next < 0 || !IsBeyondSuccessor(_next))
        {
            DropUpTo(_next);
            _next = Ring.Space.Bits - 1;
            return;
        }

        _refreshing = true;
        var index = _next;
        node.Lookups.Recursive(StartOf(index), fetch: false, found =>
        {
            _refreshing = false;
            _next = index - 1;
            if (found.Owner is { } owner)
            {
                Set(index, owner, found.OwnerPredecessor!.Value);
                if (all)
                {
                    Continue(all);
                }
            }
        });
    }

    /// <summary>The owner is also the finger of every lower start that it owns.</summary>
    private void Set(int index, ChordContact owner, NodeId ownerPredecessor)
    {
        do
        {
            if (owner.Id == Ring.Self.Id)
            {
                _fingers.Remove(index);
            }
            else
            {
                _fingers[index] = owner;
            }

            index--;
        }
        while (index >= 0 && IsBeyondSuccessor(index) && Ring.Space.IsInHalfOpen(ownerPredecessor, StartOf(index), owner.Id));
        _next = index;
    }

    private void DropUpTo(int index)
    {
        foreach (var low in _fingers.Keys.Where(key => key <= index).ToList())
        {
            _fingers.Remove(low);
        }
    }
}
