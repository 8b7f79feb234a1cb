using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>The leaves of an ultrapeer and their tables. Bounded; a leaf that is silent for its lease is dropped.</summary>
internal sealed class Leaves(LeafParameters parameters)
{
    private readonly SortedDictionary<string, Leaf> _leaves = new(StringComparer.Ordinal);

    public IReadOnlyList<NodeRef> Nodes => [.. _leaves.Values.Select(leaf => leaf.Node)];

    public bool Accept(NodeRef node, DateTimeOffset now)
    {
        Expire(now);
        if (!_leaves.ContainsKey(node.Name) && _leaves.Count >= parameters.LeavesMax)
        {
            return false;
        }

        _leaves[node.Name] = new Leaf(node, now);
        return true;
    }

    /// <summary>Notes a ping.</summary>
    /// <returns>False when the sender is no leaf of this node.</returns>
    public bool Heard(NodeRef node, DateTimeOffset now)
    {
        Expire(now);
        if (!_leaves.TryGetValue(node.Name, out var leaf))
        {
            return false;
        }

        leaf.HeardAt = now;
        return true;
    }

    /// <summary>Whether a node became a leaf, or did so anew, after a time.</summary>
    public bool ContainsSince(NodeRef node, DateTimeOffset time) => _leaves.TryGetValue(node.Name, out var leaf) && leaf.Since > time;

    public void Drop(NodeRef node) => _leaves.Remove(node.Name);

    public void Clear() => _leaves.Clear();

    /// <summary>Begins the table of a leaf; a leaf that breaks a rule is dropped.</summary>
    public RouteTableReply Reset(NodeRef from, RouteTableReset reset) => Change(from, leaf => (leaf.Table = QrpTable.Begin(reset)) is not null);

    /// <summary>Changes the table of a leaf; a leaf that breaks a rule or the order is dropped.</summary>
    public RouteTableReply Patch(NodeRef from, RouteTablePatch patch) => Change(from, leaf => leaf.Table?.Apply(patch) ?? false);

    /// <summary>Leaves that may have a name with all words of a query: those without a table yet, too.</summary>
    public IReadOnlyList<NodeRef> For(string query, DateTimeOffset now)
    {
        Expire(now);
        if (_leaves.Count == 0)
        {
            return [];
        }

        var words = SearchTerms.Words(query);
        return [.. _leaves.Values.Where(leaf => words.Count > 0 && (leaf.Table?.Passes(words) ?? true)).Select(leaf => leaf.Node)];
    }

    private RouteTableReply Change(NodeRef from, Func<Leaf, bool> change)
    {
        if (_leaves.TryGetValue(from.Name, out var leaf) && change(leaf))
        {
            return new RouteTableReply(true);
        }

        _leaves.Remove(from.Name);
        return new RouteTableReply(false);
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var name in _leaves.Where(entry => now - entry.Value.HeardAt >= parameters.LeafLease).Select(entry => entry.Key).ToList())
        {
            _leaves.Remove(name);
        }
    }

    private sealed class Leaf(NodeRef node, DateTimeOffset since)
    {
        public NodeRef Node { get; } = node;

        public DateTimeOffset Since { get; } = since;

        public DateTimeOffset HeardAt { get; set; } = since;

        public QrpTable? Table { get; set; }
    }
}
