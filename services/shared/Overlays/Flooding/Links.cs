using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>A node's links, in the order of their names, and how many pings each has missed.</summary>
internal sealed class Links
{
    private readonly SortedDictionary<string, Link> _links = new(StringComparer.Ordinal);
    private IReadOnlyList<NodeRef> _nodes = [];

    /// <summary>The nodes at the other ends.</summary>
    public IReadOnlyList<NodeRef> Nodes => _nodes;

    public bool Contains(NodeRef node) => _links.ContainsKey(node.Name);

    /// <summary>Whether there is a link that was made, or made anew, after a time.</summary>
    public bool ContainsSince(NodeRef node, DateTimeOffset time) => _links.TryGetValue(node.Name, out var link) && link.Since > time;

    /// <summary>Adds a link, or takes note that its node has a new address.</summary>
    public void Set(NodeRef node, DateTimeOffset now)
    {
        _links[node.Name] = new Link(node, now);
        _nodes = [.. _links.Values.Select(link => link.Node)];
    }

    public bool Remove(NodeRef node)
    {
        var removed = _links.Remove(node.Name);
        _nodes = [.. _links.Values.Select(link => link.Node)];
        return removed;
    }

    public void Clear()
    {
        _links.Clear();
        _nodes = [];
    }

    /// <summary>Notes whether a ping was answered.</summary>
    /// <returns>How many were not, since the last that was.</returns>
    public int Count(NodeRef node, bool answered) =>
        _links.TryGetValue(node.Name, out var link) ? link.Misses = answered ? 0 : link.Misses + 1 : 0;

    private sealed class Link(NodeRef node, DateTimeOffset since)
    {
        public NodeRef Node { get; } = node;

        public DateTimeOffset Since { get; } = since;

        public int Misses { get; set; }
    }
}
