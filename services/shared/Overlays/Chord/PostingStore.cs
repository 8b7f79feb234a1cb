using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Postings that this node holds, as owner or as replica, by key. Each ends with its lease, counted by this node's clock.</summary>
internal sealed class PostingStore(ChordParameters parameters)
{
    private readonly SortedDictionary<NodeId, Dictionary<Posting, Entry>> _byKey = [];

    /// <summary>Keys with a live posting for which the condition holds.</summary>
    public int CountKeys(Func<NodeId, bool> condition, DateTimeOffset now) =>
        _byKey.Count(entry => condition(entry.Key) && entry.Value.Values.Any(held => !held.Removed && now < held.Expiry));

    /// <summary>Nothing is held.</summary>
    public bool IsEmpty => _byKey.Count == 0;

    /// <summary>Live postings under a key.</summary>
    public List<Posting> Read(NodeId key, DateTimeOffset now) =>
        _byKey.TryGetValue(key, out var postings)
            ? [.. postings.Where(entry => !entry.Value.Removed && now < entry.Value.Expiry).Select(entry => entry.Key)]
            : [];

    /// <summary>Takes a posting or its withdrawal in, unless a newer version is held or there are too many.</summary>
    public void Put(StoredPosting item, DateTimeOffset now)
    {
        if (!_byKey.TryGetValue(item.Key, out var postings))
        {
            if (_byKey.Count >= parameters.PostingKeysMax)
            {
                return;
            }

            _byKey[item.Key] = postings = [];
        }

        var expiry = now + TimeSpan.FromMilliseconds(Math.Min(item.LeaseMs, parameters.PostingLeaseMax.TotalMilliseconds));
        if (!postings.TryGetValue(item.Posting, out var held))
        {
            if (postings.Count < parameters.PostingsPerKeyMax)
            {
                postings[item.Posting] = new Entry(expiry, item.Version, item.Removed);
            }
        }
        else if (item.Version > held.Version || (item.Version == held.Version && expiry > held.Expiry))
        {
            postings[item.Posting] = new Entry(expiry, item.Version, item.Removed);
        }
    }

    /// <summary>Everything under the keys for which the condition holds, withdrawals included, in the order of the keys.</summary>
    public IEnumerable<StoredPosting> Items(Func<NodeId, bool> condition, DateTimeOffset now) =>
        from entry in _byKey
        where condition(entry.Key)
        from held in entry.Value
        where now < held.Value.Expiry
        select new StoredPosting(
            entry.Key, held.Key, (int)(held.Value.Expiry - now).TotalMilliseconds, held.Value.Version, held.Value.Removed);

    /// <summary>Drops what has ended.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (var (key, postings) in _byKey.ToList())
        {
            foreach (var ended in postings.Where(entry => entry.Value.Expiry <= now).Select(entry => entry.Key).ToList())
            {
                postings.Remove(ended);
            }

            if (postings.Count == 0)
            {
                _byKey.Remove(key);
            }
        }
    }

    private readonly record struct Entry(DateTimeOffset Expiry, long Version, bool Removed);
}
