using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Flooding;

/// <summary>A node that was alive some time ago.</summary>
/// <param name="Node">That node.</param>
/// <param name="Age">Time since it last gave a sign of life to anybody.</param>
public readonly record struct LiveNode(NodeRef Node, TimeSpan Age);

/// <summary>
/// Nodes that were alive lately, by when: from pongs, handshakes and BOOT (Rohrs and Falco, "Ping Pong scheme", 2001). Bounded in number,
/// the one with the oldest sign of life goes first, and in age.
/// </summary>
public sealed class PongCache
{
    private static readonly Comparer<Entry> ByTime = Comparer<Entry>.Create((one, other) =>
        one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Node.Name, other.Node.Name));

    private readonly Dictionary<string, Entry> _nodes = new(StringComparer.Ordinal);
    private readonly List<Entry> _oldestFirst = [];
    private readonly int _max;
    private readonly TimeSpan _age;

    /// <summary>An empty cache.</summary>
    /// <param name="max">Nodes remembered, at least 1.</param>
    /// <param name="age">How long after its last sign of life a node is remembered.</param>
    public PongCache(int max, TimeSpan age)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        _max = max;
        _age = age;
    }

    /// <summary>Nodes remembered, some of which may be due to be forgotten.</summary>
    public int Count => _nodes.Count;

    /// <summary>Whether a node gave a sign of life in the last <paramref name="within"/>.</summary>
    public bool Contains(NodeRef node, TimeSpan within, DateTimeOffset now) =>
        _nodes.TryGetValue(node.Name, out var entry) && now - entry.At < within;

    /// <summary>Remembers a node; what is known of it from later stays.</summary>
    public void Add(NodeRef node, DateTimeOffset at, DateTimeOffset now)
    {
        var seen = at < now ? at : now;
        var known = _nodes.TryGetValue(node.Name, out var before);
        if (now - seen >= _age || (known && before.At > seen))
        {
            return;
        }

        if (known)
        {
            _oldestFirst.RemoveAt(_oldestFirst.BinarySearch(before, ByTime));
        }

        var entry = new Entry(node, seen);
        _nodes[node.Name] = entry;
        _oldestFirst.Insert(~_oldestFirst.BinarySearch(entry, ByTime), entry);
        if (_nodes.Count > _max)
        {
            Forget(_oldestFirst[0].Node);
        }
    }

    /// <summary>Forgets a node that did not answer.</summary>
    public void Forget(NodeRef node)
    {
        if (_nodes.Remove(node.Name, out var entry))
        {
            _oldestFirst.RemoveAt(_oldestFirst.BinarySearch(entry, ByTime));
        }
    }

    /// <summary>A uniform sample of the nodes with a sign of life in the last <paramref name="within"/>.</summary>
    public IReadOnlyList<LiveNode> Sample(IRandom random, int count, TimeSpan within, DateTimeOffset now)
    {
        while (_nodes.Count > 0 && now - _oldestFirst[0].At >= _age)
        {
            Forget(_oldestFirst[0].Node);
        }

        var first = _oldestFirst.Count;
        while (first > 0 && now - _oldestFirst[first - 1].At <= within)
        {
            first--;
        }

        return
        [
            .. random.SampleBelow(_oldestFirst.Count - first, count).Select(place => _oldestFirst[first + place])
                .Select(entry => new LiveNode(entry.Node, now - entry.At)),
        ];
    }

    private readonly record struct Entry(NodeRef Node, DateTimeOffset At);
}
