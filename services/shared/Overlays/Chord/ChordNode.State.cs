using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

public sealed partial class ChordNode
{
    /// <summary>True from joining until it leaves.</summary>
    public bool IsMember => Ring.IsMember;

    /// <summary>
    /// So many peers have vanished from its part of the ring that it may be cut off from most: it answers nothing by quorum until it sees them
    /// again, or BOOT says that their leases have ended.
    /// </summary>
    public bool RefusesQuorum => Ring.Missing.AreOrWereMost;

    /// <summary>What this node believes now.</summary>
    public ChordSnapshot Snapshot() =>
        new(Ring.Self, Ring.IsMember, Ring.Predecessor, Ring.Successors, [.. Fingers.Distinct], Arrivals.IsTakingOver);

    /// <summary>Records of keys that this node holds, tombstones included.</summary>
    public IEnumerable<KeyRecord> Records => _keys.All;

    /// <summary>Routing entries: distinct fingers, successors, predecessor, cached owners and, with full routing, members.</summary>
    public int RoutingEntries() => Ring.Successors.Concat(Fingers.Distinct).Concat(Members?.All ?? []).Concat(Owners.All)
        .Concat(Ring.Predecessor is { } predecessor ? [predecessor] : [])
        .Where(contact => contact.Id != Ring.Self.Id).DistinctBy(contact => contact.Id).Count();

    private string? Pending()
    {
        _settled |= Ring.IsMember && Ring.Predecessor is not null && !Arrivals.IsTakingOver;
        return !Ring.IsMember ? "joining the ring"
            : !_settled ? "taking its keys over"
            : _publisher?.Pending;
    }

    private VirtualNodeState State() => new(
        Self.Name,
        Ring.Space.Format(Ring.Self.Id),
        Ring.IsMember,
        Ring.Predecessor is { } predecessor ? Show(predecessor) : null,
        [.. (Ring.IsAlone && Ring.IsMember ? [Ring.Self] : Ring.Successors).Select(Show)],
        [.. Fingers.Distinct.Select(Show)],
        Keeper.OwnedKeys + _keys.CountKeys(Ring.Owns),
        Keeper.ReplicaKeys + _keys.CountKeys(key => !Ring.Owns(key)),
        RefusesQuorum);

    private RingNode Show(ChordContact contact) => new(contact.Node.Name, Ring.Space.Format(contact.Id));
}
