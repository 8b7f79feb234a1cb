using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Location cache: intervals of the ring and who owned them lately, a bounded number, the least recently used dropped first. A hint: the
/// owner itself checks every key that it is sent.
/// </summary>
internal sealed class OwnerCache(RingSpace space, int capacity)
{
    private readonly List<Entry> _byOwner = [];
    private long _uses;

    /// <summary>The owners.</summary>
    public IEnumerable<ChordContact> All => _byOwner.Select(entry => entry.Owner);

    /// <summary>Who owned a key, or null.</summary>
    public ChordContact? Find(NodeId key)
    {
        if (_byOwner.Count == 0)
        {
            return null;
        }

        var place = PlaceOf(key);
        var index = place == _byOwner.Count ? 0 : place;
        var entry = _byOwner[index];
        if (!space.IsInHalfOpen(entry.From, key, entry.Owner.Id))
        {
            return null;
        }

        _byOwner[index] = entry with { Used = ++_uses };
        return entry.Owner;
    }

    /// <summary>Remembers who owns (from, owner].</summary>
    public void Set(NodeId from, ChordContact owner)
    {
        if (capacity == 0)
        {
            return;
        }

        var place = PlaceOf(owner.Id);
        if (place < _byOwner.Count && _byOwner[place].Owner.Id == owner.Id
            && !space.IsBetween(from, _byOwner[(place + _byOwner.Count - 1) % _byOwner.Count].Owner.Id, owner.Id))
        {
            _byOwner[place] = new Entry(from, owner, ++_uses);
            return;
        }

        // Who owned a part of the interval before does not any more.
        _byOwner.RemoveAll(entry => space.IsInHalfOpen(from, entry.Owner.Id, owner.Id));
        if (_byOwner.Count == capacity)
        {
            _byOwner.Remove(_byOwner.MinBy(entry => entry.Used));
        }

        _byOwner.Insert(PlaceOf(owner.Id), new Entry(from, owner, ++_uses));
    }

    /// <summary>Forgets an owner.</summary>
    public void Remove(ChordContact owner)
    {
        var place = PlaceOf(owner.Id);
        if (place < _byOwner.Count && _byOwner[place].Owner.Id == owner.Id)
        {
            _byOwner.RemoveAt(place);
        }
    }

    /// <summary>Index of the first owner at or after an id.</summary>
    private int PlaceOf(NodeId id) => space.PlaceOf(_byOwner, default, id.Value, static entry => entry.Owner.Id);

    private readonly record struct Entry(NodeId From, ChordContact Owner, long Used);
}
