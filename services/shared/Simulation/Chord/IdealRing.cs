using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>The ring that nodes would form in the end: who is next to whom, and every finger.</summary>
internal sealed class IdealRing
{
    private readonly RingSpace _space;
    private readonly ChordContact[] _members;

    /// <summary>The ring of these nodes.</summary>
    public IdealRing(RingSpace space, IEnumerable<NodeRef> nodes)
    {
        _space = space;
        _members = [.. nodes.Select(node => new ChordContact(space.IdOf(node), node)).OrderBy(contact => contact.Id)];
    }

    /// <summary>All nodes, by id.</summary>
    public IReadOnlyList<ChordContact> Members => _members;

    /// <summary>Position of the owner of a key.</summary>
    public int OwnerOf(NodeId key) => _space.PlaceOf(_members, key) % _members.Length;

    /// <summary>The node a number of places after a position.</summary>
    public ChordContact At(int position) => _members[((position % _members.Length) + _members.Length) % _members.Length];

    /// <summary>Successor list of the node at a position.</summary>
    public List<ChordContact> SuccessorsOf(int position, int length) =>
        [.. Enumerable.Range(1, Math.Min(length, _members.Length - 1)).Select(step => At(position + step))];

    /// <summary>Distinct fingers beyond the successor of the node at a position, nearest first.</summary>
    public List<ChordContact> FingersOf(int position, int fingerBase)
    {
        var fingers = new List<ChordContact>();
        var self = _members[position].Id;
        var distance = _space.Distance(self, At(position + 1).Id);
        var digit = System.Numerics.BitOperations.Log2((uint)fingerBase);
        while (distance > 0 && FingerTable.StartBeyond(distance, _space.Bits, digit) is { } start)
        {
            var finger = _members[OwnerOf(_space.Add(self, start))];
            var next = _space.Distance(self, finger.Id);
            if (next < start)
            {
                break;
            }

            fingers.Add(finger);
            distance = next;
        }

        return fingers;
    }
}
