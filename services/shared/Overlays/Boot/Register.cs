using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>Entries of BOOT with their leases. A request costs the logarithm of their number, not their number.</summary>
internal sealed class Register
{
    private readonly SortedDictionary<string, RegisterEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RegisterEntry>> _joined = new(StringComparer.Ordinal);
    private readonly PriorityQueue<RegisterEntry, DateTimeOffset> _expiries = new();

    /// <summary>Entries of an overlay, joined or not, in the order of their names.</summary>
    public IEnumerable<RegisterEntry> Of(string overlay) => _entries.Values.Where(entry => entry.Overlay == overlay);

    /// <summary>Members of an overlay.</summary>
    public int CountJoined(string overlay) => JoinedOf(overlay).Count;

    /// <summary>The entry of a node; null when it has none.</summary>
    public RegisterEntry? Find(string overlay, string name) => _entries.GetValueOrDefault(Key(overlay, name));

    /// <summary>Adds an entry in place of the one that the node has.</summary>
    public void Set(RegisterEntry entry)
    {
        Remove(entry.Overlay, entry.Node.Name);
        _entries[Key(entry.Overlay, entry.Node.Name)] = entry;
        _expiries.Enqueue(entry, entry.Expiry);
        if (entry.Joined)
        {
            var joined = JoinedOf(entry.Overlay);
            joined.Insert(~PlaceOf(joined, entry.Node.Name), entry);
        }
    }

    /// <summary>Removes the entry of a node, if it has one.</summary>
    public void Remove(string overlay, string name)
    {
        if (_entries.Remove(Key(overlay, name), out var entry) && entry.Joined)
        {
            var joined = JoinedOf(overlay);
            joined.RemoveAt(PlaceOf(joined, name));
        }
    }

    /// <summary>Removes those whose lease has ended.</summary>
    public void Expire(DateTimeOffset now)
    {
        while (_expiries.TryPeek(out var entry, out var expiry) && expiry <= now)
        {
            _expiries.Dequeue();
            if (Find(entry.Overlay, entry.Node.Name) != entry)
            {
                continue;
            }

            if (entry.Expiry > now)
            {
                _expiries.Enqueue(entry, entry.Expiry);
            }
            else
            {
                Remove(entry.Overlay, entry.Node.Name);
            }
        }
    }

    /// <summary>A uniform sample of the members of an overlay, without replacement.</summary>
    public List<NodeRef> Sample(IRandom random, string overlay, int count, IEnumerable<string> exclude)
    {
        var joined = JoinedOf(overlay);
        var excluded = exclude.Distinct(StringComparer.Ordinal).Select(name => PlaceOf(joined, name)).Where(place => place >= 0).Order().ToList();
        var pool = joined.Count - excluded.Count;
        var sample = new List<NodeRef>();
        foreach (var drawn in random.SampleBelow(pool, count))
        {
            var place = drawn;
            foreach (var skipped in excluded)
            {
                place += skipped <= place ? 1 : 0;
            }

            sample.Add(joined[place].Node);
        }

        return sample;
    }

    private List<RegisterEntry> JoinedOf(string overlay)
    {
        if (!_joined.TryGetValue(overlay, out var joined))
        {
            _joined[overlay] = joined = [];
        }

        return joined;
    }

    private static int PlaceOf(List<RegisterEntry> joined, string name)
    {
        var low = 0;
        for (var high = joined.Count - 1; low <= high;)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(joined[middle].Node.Name, name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private static string Key(string overlay, string name) => $"{overlay}|{name}";
}

/// <summary>A node's entry.</summary>
/// <param name="overlay">One of <see cref="OverlayNames"/>.</param>
/// <param name="node">That node.</param>
/// <param name="incarnation">Of its process.</param>
/// <param name="joined">It is a member.</param>
/// <param name="expiry">End of its lease.</param>
internal sealed class RegisterEntry(string overlay, NodeRef node, long incarnation, bool joined, DateTimeOffset expiry)
{
    public string Overlay { get; } = overlay;

    public NodeRef Node { get; } = node;

    public long Incarnation { get; } = incarnation;

    public bool Joined { get; } = joined;

    /// <summary>Never earlier than it was.</summary>
    public DateTimeOffset Expiry { get; set; } = expiry;
}
