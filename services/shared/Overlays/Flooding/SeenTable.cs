using System.Diagnostics.CodeAnalysis;
using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>Payload types of flooded descriptors, by their numbers in Gnutella 0.4 (header byte 16).</summary>
public enum DescriptorType
{
    /// <summary>Asks for hosts.</summary>
    Ping = 0x00,

    /// <summary>Asks for files.</summary>
    Query = 0x80,

    /// <summary>Answers a query, under the query's GUID.</summary>
    QueryHit = 0x81,
}

/// <summary>
/// The descriptors that a node has handled, so that it handles none twice and knows the way back. The type is part of the key, since a
/// hit carries its query's GUID (Gnutella 0.4, routing rules). Bounded in number and in age: the oldest goes first.
/// </summary>
/// <typeparam name="TEntry">What is remembered of a descriptor.</typeparam>
public sealed class SeenTable<TEntry>
    where TEntry : class
{
    private readonly Dictionary<(DescriptorType Type, DescriptorId Guid), TEntry> _entries = [];
    private readonly Queue<((DescriptorType Type, DescriptorId Guid) Key, DateTimeOffset At)> _order = new();
    private readonly TimeSpan _age;
    private readonly int _max;

    /// <summary>An empty table.</summary>
    /// <param name="age">How long a descriptor is remembered.</param>
    /// <param name="max">How many are remembered, at least 1.</param>
    public SeenTable(TimeSpan age, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        _age = age;
        _max = max;
    }

    /// <summary>Descriptors remembered, some of which may be due to be forgotten.</summary>
    public int Count => _entries.Count;

    /// <summary>Remembers a descriptor.</summary>
    /// <returns>False when it is remembered already.</returns>
    public bool TryAdd(DescriptorType type, DescriptorId guid, TEntry entry, DateTimeOffset now)
    {
        Forget(now);
        if (!_entries.TryAdd((type, guid), entry))
        {
            return false;
        }

        _order.Enqueue(((type, guid), now));
        if (_order.Count > _max)
        {
            _entries.Remove(_order.Dequeue().Key);
        }

        return true;
    }

    /// <summary>What is remembered of a descriptor.</summary>
    /// <returns>False when it is not, or no longer, remembered.</returns>
    public bool TryGet(DescriptorType type, DescriptorId guid, DateTimeOffset now, [NotNullWhen(true)] out TEntry? entry)
    {
        Forget(now);
        return _entries.TryGetValue((type, guid), out entry);
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && now - oldest.At >= _age)
        {
            _entries.Remove(_order.Dequeue().Key);
        }
    }
}
