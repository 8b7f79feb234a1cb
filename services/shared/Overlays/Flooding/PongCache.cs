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
    private readonly SortedDictionary<string, (NodeRef Node, DateTimeOffset At)> _nodes = new(StringComparer.Ordinal);
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

    /// <summary>Remembers a node; what is known of it from later stays.</summary>
    public void Add(NodeRef node, DateTimeOffset at, DateTimeOffset now)
    {
        var seen = at < now ? at : now;
        if (now - seen >= _age || (_nodes.TryGetValue(node.Name, out var known) && known.At > seen))
        {
            return;
        }

        _nodes[node.Name] = (node, seen);
        if (_nodes.Count > _max)
        {
            _nodes.Remove(_nodes.MinBy(entry => entry.Value.At).Key);
        }
    }

    /// <summary>Forgets a node that did not answer.</summary>
    public void Forget(NodeRef node) => _nodes.Remove(node.Name);

    /// <summary>A uniform sample of the nodes with a sign of life in the last <paramref name="within"/>.</summary>
    public IReadOnlyList<LiveNode> Sample(IRandom random, int count, TimeSpan within, DateTimeOffset now)
    {
        foreach (var expired in _nodes.Where(entry => now - entry.Value.At >= _age).Select(entry => entry.Key).ToList())
        {
            _nodes.Remove(expired);
        }

        return random.Sample(_nodes.Values.Select(entry => new LiveNode(entry.Node, now - entry.At)).Where(live => live.Age <= within), count);
    }
}
