using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>What all live members of a ring believe, side by side in the order of their ids. Crashed nodes and such as have left are not here.</summary>
public sealed class RingView
{
    private readonly SortedList<NodeId, ChordSnapshot> _members = [];
    private readonly Dictionary<NodeId, int> _places = [];
    private readonly Dictionary<NodeId, NodeId[]> _lists = [];
    private bool _placed = true;

    /// <summary>No members.</summary>
    /// <param name="space">The identifier circle.</param>
    /// <param name="listLength">r.</param>
    public RingView(RingSpace space, int listLength)
    {
        Space = space;
        ListLength = listLength;
    }

    /// <summary>The identifier circle.</summary>
    public RingSpace Space { get; }

    /// <summary>r: the longest successor list.</summary>
    public int ListLength { get; }

    /// <summary>N.</summary>
    public int Count => _members.Count;

    /// <summary>In the order of their ids.</summary>
    public IList<ChordSnapshot> Members => _members.Values;

    /// <summary>Takes a node's state at this moment; one that is not a member is taken out.</summary>
    public void Update(ChordSnapshot snapshot)
    {
        if (!snapshot.IsMember)
        {
            Remove(snapshot.Self.Id);
            return;
        }

        _placed &= _members.ContainsKey(snapshot.Self.Id);
        _members[snapshot.Self.Id] = snapshot;
        _lists[snapshot.Self.Id] = [.. snapshot.ExtendedSuccessorList];
    }

    /// <summary>The node is dead.</summary>
    public void Remove(NodeId id)
    {
        if (_members.Remove(id))
        {
            _lists.Remove(id);
            _placed = false;
        }
    }

    /// <summary>Whether a live member has this id.</summary>
    public bool Contains(NodeId id) => _members.ContainsKey(id);

    /// <summary>The state of a live member as last taken; null when there is none of this id.</summary>
    public ChordSnapshot? Find(NodeId id) => _members.GetValueOrDefault(id);

    /// <summary>The place of a live member in the order of ids, from 0; -1 when there is none of this id.</summary>
    public int PlaceOf(NodeId id)
    {
        if (!_placed)
        {
            _places.Clear();
            foreach (var key in _members.Keys)
            {
                _places[key] = _places.Count;
            }

            _placed = true;
        }

        return _places.GetValueOrDefault(id, -1);
    }

    /// <summary>The place of the first live member at or after an id, clockwise.</summary>
    public int PlaceAtOrAfter(NodeId id)
    {
        var low = 0;
        var high = _members.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _members.Keys[middle] < id ? (middle + 1, high) : (low, middle);
        }

        return low == _members.Count ? 0 : low;
    }

    /// <summary>successor(key): the first live member at or after it.</summary>
    public ChordSnapshot OwnerOf(NodeId key) => _members.Values[PlaceAtOrAfter(key)];

    /// <summary>The member's id and then its list (Zave's extended successor list).</summary>
    public IReadOnlyList<NodeId> ExtendedList(ChordSnapshot member) => _lists[member.Self.Id];

    /// <summary>For each member, by place, whether no extended successor list skips it (Zave 2017: principal).</summary>
    public bool[] Principals()
    {
        var principals = new bool[Count];
        Array.Fill(principals, true);
        foreach (var list in _lists.Values)
        {
            for (var i = 1; i < list.Length; i++)
            {
                Skip(list[i - 1], list[i], principals);
            }
        }

        return principals;
    }

    private void Skip(NodeId from, NodeId to, bool[] principals)
    {
        var known = PlaceOf(from);
        var place = known >= 0 ? Next(known) : PlaceAtOrAfter(from);
        for (var steps = 0; steps < Count && Space.IsBetween(from, _members.Keys[place], to); steps++)
        {
            principals[place] = false;
            place = Next(place);
        }
    }

    private int Next(int place) => place + 1 == Count ? 0 : place + 1;
}
