using System.Numerics;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Fingers of base b: finger(j, i) = successor(n + j 2^m / b^i), 1 &lt;= j &lt; b. With b = 2 that is the finger table of ToN 2003, table I.
/// Kept as the distinct nodes, nearest first; starts up to the successor are the successor's and not kept. The starts are looked up one
/// at a time, nearest first. Fingers make lookups short and never decide what is right.
/// </summary>
internal sealed class FingerTable(ChordNode node)
{
    private const int TicksBetweenRefreshes = 2;

    private readonly List<ChordContact> _fingers = [];
    private readonly int _digit = BitOperations.Log2((uint)node.Parameters.FingerBase);
    private UInt128 _done;
    private bool _refreshing;
    private int _ticks;

    private RingState Ring => node.Ring;

    /// <summary>Distinct fingers, nearest first.</summary>
    public IReadOnlyList<ChordContact> Distinct => _fingers;

    /// <summary>Looks all of them up, one after the other.</summary>
    public void Refresh()
    {
        _done = UInt128.Zero;
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
    public void Remove(ChordContact contact) => _fingers.RemoveAll(other => other.Id == contact.Id);

    /// <summary>Fingers known from the start, in any order.</summary>
    public void Place(IEnumerable<ChordContact> fingers)
    {
        _fingers.Clear();
        _fingers.AddRange(fingers.Where(contact => contact.Id != Ring.Self.Id).DistinctBy(contact => contact.Id).OrderBy(DistanceOf));
        _fingers.TrimExcess();
    }

    /// <summary>The first start of a finger beyond a distance from this node; null when there is none before the circle closes.</summary>
    public static UInt128? StartBeyond(UInt128 distance, int bits, int digit)
    {
        var top = distance == UInt128.Zero ? 0 : (int)UInt128.Log2(distance);
        var low = Math.Max(0, bits - (((bits - top + digit - 1) / digit) * digit));
        var next = unchecked(((distance >> low) + 1) << low);
        return next == UInt128.Zero || (bits < 128 && next >> bits != UInt128.Zero) ? null : next;
    }

    private UInt128 DistanceOf(ChordContact contact) => Ring.Space.Distance(Ring.Self.Id, contact.Id);

    private void Continue(bool all)
    {
        if (_refreshing || !Ring.IsMember || Ring.IsAlone)
        {
            return;
        }

        var known = DistanceOf(Ring.Successor);
        if (_done < known)
        {
            Keep(UInt128.Zero, (StartBeyond(known, Ring.Space.Bits, _digit) ?? UInt128.MaxValue) - 1, null);
            _done = known;
        }

        if (StartBeyond(_done, Ring.Space.Bits, _digit) is not { } start)
        {
            _done = UInt128.Zero;
            return;
        }

        _refreshing = true;
        node.Lookups.Recursive(Ring.Space.Add(Ring.Self.Id, start), fetch: false, found =>
        {
            _refreshing = false;
            if (found.Owner is { } owner)
            {
                Set(start, owner);
                if (all && _done != UInt128.Zero)
                {
                    Continue(all);
                }
            }
        });
    }

    private void Set(UInt128 start, ChordContact owner)
    {
        var distance = DistanceOf(owner);
        if (distance < start)
        {
            Keep(start, UInt128.MaxValue, null);
            _done = UInt128.Zero;
        }
        else
        {
            Keep(start, (StartBeyond(distance, Ring.Space.Bits, _digit) ?? UInt128.MaxValue) - 1, owner);
            _done = distance;
        }
    }

    /// <summary>Of the nodes at distances from <paramref name="from"/> to <paramref name="to"/>, one or none is a finger.</summary>
    private void Keep(UInt128 from, UInt128 to, ChordContact? finger)
    {
        _fingers.RemoveAll(contact => DistanceOf(contact) is var distance && distance >= from && distance <= to);
        if (finger is not null)
        {
            var place = _fingers.FindIndex(contact => DistanceOf(contact) > DistanceOf(finger));
            _fingers.Insert(place < 0 ? _fingers.Count : place, finger);
        }
    }
}
