using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Records of keys that this node holds, as owner or as replica, and its hybrid logical clock. Of two records of a key the later version
/// stays. Every change is an effect, so that a node can come back with its records.
/// </summary>
internal sealed class KeyStore
{
    private readonly ChordNode _node;
    private readonly long _incarnation;
    private readonly SortedDictionary<(NodeId Id, string Key), Held> _records = new(PlaceOrder.Instance);
    private long _lastTime;

    public KeyStore(ChordNode node, long incarnation, IReadOnlyList<KeyRecord> kept)
    {
        (_node, _incarnation) = (node, incarnation);
        foreach (var record in kept)
        {
            // The ring may have had another width when it was kept.
            var id = node.Ring.Space.Hash(record.Key);
            _records[(id, record.Key)] = new Held(record with { Id = id }, DateTimeOffset.MinValue);
            See(record.Version);
        }
    }

    /// <summary>All records.</summary>
    public IEnumerable<KeyRecord> All => _records.Values.Select(held => held.Record);

    /// <summary>Records held.</summary>
    public int Count => _records.Count;

    /// <summary>Live keys for which the condition holds.</summary>
    public int CountKeys(Func<NodeId, bool> condition) => _records.Values.Count(held => IsValue(held.Record) && condition(held.Record.Id));

    /// <summary>The record of a key; null when none is held.</summary>
    public KeyRecord? Find(NodeId id, string key) => _records.TryGetValue((id, key), out var held) ? held.Record : null;

    /// <summary>Whether a record is a value that has not expired.</summary>
    public bool IsValue(KeyRecord? record) =>
        record is { IsTombstone: false } && (record.Expiry is not { } expiry || _node.Now.ToUnixTimeMilliseconds() < expiry);

    /// <summary>The next version of this node's clock, after all that it has given and seen.</summary>
    public KeyVersion NextVersion()
    {
        var version = KeyVersion.Next(_lastTime, _node.Now, _node.Self.Name, _incarnation);
        See(version);
        return version;
    }

    /// <summary>A version that exists: those of this node's clock come after it.</summary>
    public void See(KeyVersion version) => _lastTime = Math.Max(_lastTime, version.Time);

    /// <summary>Takes a record in unless a later one is held.</summary>
    public void Put(KeyRecord record)
    {
        See(record.Version);
        if (Find(record.Id, record.Key) is not { } held || record.Version > held.Version)
        {
            _node.Keep(record);
            _records[(record.Id, record.Key)] = new Held(record, _node.Now);
        }
        else
        {
            Confirm(record.Id, record.Key);
        }
    }

    /// <summary>An owner has spoken of this record: it belongs here.</summary>
    public void Confirm(NodeId id, string key)
    {
        if (_records.TryGetValue((id, key), out var held))
        {
            _records[(id, key)] = held with { Confirmed = _node.Now };
        }
    }

    /// <summary>Drops a record, if it is still this one.</summary>
    public void Drop(KeyRecord record)
    {
        if (Find(record.Id, record.Key) is { } held && held.Version == record.Version)
        {
            _node.Drop(record);
            _records.Remove((record.Id, record.Key));
        }
    }

    /// <summary>The records in (from, to], in the order of the ring.</summary>
    public IEnumerable<KeyRecord> InRange(NodeId from, NodeId to)
    {
        var space = _node.Ring.Space;
        var inside = _records.Values.Where(held => space.IsInHalfOpen(from, held.Record.Id, to)).Select(held => held.Record);
        return from < to ? inside : inside.OrderBy(record => unchecked(space.Distance(from, record.Id) - 1));
    }

    /// <summary>Records that no owner has spoken of for a time.</summary>
    public List<KeyRecord> Unconfirmed(TimeSpan age) =>
        [.. _records.Values.Where(held => _node.Now - held.Confirmed > age).Select(held => held.Record)];

    /// <summary>Drops values and tombstones whose time is over.</summary>
    public void Expire()
    {
        var now = _node.Now.ToUnixTimeMilliseconds();
        foreach (var record in All.Where(record => (record.Expiry ?? record.DropAt) <= now).ToList())
        {
            Drop(record);
        }
    }

    /// <summary>Exclusive or over records of a mix of id and version: equal for equal sets.</summary>
    public static NodeId DigestOf(IEnumerable<KeyRecord> records)
    {
        var digest = UInt128.Zero;
        foreach (var record in records)
        {
            var seed = (ulong)record.Id.Value ^ (ulong)(record.Id.Value >> 64) ^ (ulong)record.Version.Time;
            foreach (var letter in record.Version.Node)
            {
                seed = (seed * 31) + letter;
            }

            var mix = new SplitMix64(seed);
            digest ^= new UInt128(mix.NextBits(), mix.NextBits());
        }

        return new NodeId(digest);
    }

    private readonly record struct Held(KeyRecord Record, DateTimeOffset Confirmed);

    private sealed class PlaceOrder : IComparer<(NodeId Id, string Key)>
    {
        public static PlaceOrder Instance { get; } = new();

        public int Compare((NodeId Id, string Key) x, (NodeId Id, string Key) y) =>
            x.Id.CompareTo(y.Id) is var order && order != 0 ? order : string.CompareOrdinal(x.Key, y.Key);
    }
}
