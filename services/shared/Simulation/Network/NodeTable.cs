using System.Diagnostics.CodeAnalysis;
using P2PCloud.Contracts;

namespace P2PCloud.Simulation;

/// <summary>The nodes by number, name and reference. Whatever is named gets a number, whether it runs or not, and keeps it.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeRef, int> _byRef = new(new RefComparer());
    private SimulatedNode[] _nodes = new SimulatedNode[16];
    private int _count;
    private string[]? _running;

    public SimulatedNode this[int index] => _nodes[index];

    /// <summary>Names of those that run, in ordinal order.</summary>
    public IReadOnlyList<string> Running
    {
        get
        {
            if (_running is null)
            {
                _running = [.. _nodes.Take(_count).Where(node => node.Engine is not null).Select(node => node.Name)];
                Array.Sort(_running, StringComparer.Ordinal);
            }

            return _running;
        }
    }

    /// <summary>Must be called when a node begins or ends to run.</summary>
    public void RunningChanged() => _running = null;

    public SimulatedNode Of(NodeRef node) => _byRef.TryGetValue(node, out var index) ? _nodes[index] : Learn(node);

    public SimulatedNode Of(string name) => _byName.TryGetValue(name, out var index) ? _nodes[index] : Of(new NodeRef(name));

    public bool TryFind(string name, [NotNullWhen(true)] out SimulatedNode? node)
    {
        node = _byName.TryGetValue(name, out var index) ? _nodes[index] : null;
        return node is not null;
    }

    private SimulatedNode Learn(NodeRef node)
    {
        if (!_byName.TryGetValue(node.Name, out var index))
        {
            index = _count++;
            if (index == _nodes.Length)
            {
                Array.Resize(ref _nodes, index * 2);
            }

            var learnt = new SimulatedNode(index, node);
            _nodes[index] = learnt;
            _byName[learnt.Name] = index;
        }

        _byRef[node] = index;
        return _nodes[index];
    }

    /// <summary>Faster than the default: names differ in their last characters.</summary>
    private sealed class RefComparer : IEqualityComparer<NodeRef>
    {
        private const int Characters = 8;

        public bool Equals(NodeRef? x, NodeRef? y) => ReferenceEquals(x, y) || (x is not null && x.Equals(y));

        public int GetHashCode(NodeRef obj)
        {
            var app = obj.App;
            var hash = (uint)(obj.VirtualNode ?? -1);
            for (var i = Math.Max(0, app.Length - Characters); i < app.Length; i++)
            {
                hash = (hash * 31) + app[i];
            }

            return (int)hash;
        }
    }
}
