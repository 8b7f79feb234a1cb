using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Intervals of the ring and who owned them lately. A hint: the owner itself checks every key that it is sent.</summary>
internal sealed class OwnerCache(RingSpace space)
{
    private readonly SortedDictionary<NodeId, (NodeId From, ChordContact Owner)> _byOwner = [];

    /// <summary>Who owned a key, or null.</summary>
    public ChordContact? Find(NodeId key)
    {
        foreach (var (from, owner) in _byOwner.Values)
        {
            if (space.IsInHalfOpen(from, key, owner.Id))
            {
                return owner;
            }
        }

        return null;
    }

    public void Set(NodeId from, ChordContact owner) => _byOwner[owner.Id] = (from, owner);

    public void Remove(ChordContact owner) => _byOwner.Remove(owner.Id);
}
