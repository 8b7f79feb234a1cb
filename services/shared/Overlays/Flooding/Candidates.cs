using System.Diagnostics.CodeAnalysis;
using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>Nodes to try in one search for a neighbour, each once, and those remembered for later searches. Both are bounded.</summary>
public sealed class Candidates
{
    private readonly HashSet<string> _offered = new(StringComparer.Ordinal);
    private readonly Queue<NodeRef> _queue = new();
    private readonly List<NodeRef> _known = [];
    private readonly int _triedMax;
    private readonly int _knownMax;

    /// <summary>None yet.</summary>
    /// <param name="triedMax">Nodes in one search.</param>
    /// <param name="knownMax">Nodes remembered.</param>
    public Candidates(int triedMax, int knownMax)
    {
        _triedMax = triedMax;
        _knownMax = knownMax;
    }

    /// <summary>Nodes remembered, the oldest first.</summary>
    public IReadOnlyList<NodeRef> Known => _known;

    /// <summary>Begins a search with these nodes.</summary>
    public void Restart(IEnumerable<NodeRef> nodes)
    {
        _offered.Clear();
        _queue.Clear();
        Offer(nodes);
    }

    /// <summary>Adds nodes to the search, those not yet in it, and remembers them.</summary>
    public void Offer(IEnumerable<NodeRef> nodes)
    {
        foreach (var node in nodes)
        {
            Remember(node);
            if (_offered.Count < _triedMax && _offered.Add(node.Name))
            {
                _queue.Enqueue(node);
            }
        }
    }

    /// <summary>The next node to try.</summary>
    public bool TryNext([NotNullWhen(true)] out NodeRef? node) => _queue.TryDequeue(out node);

    /// <summary>Remembers a node; the oldest gives way.</summary>
    public void Remember(NodeRef node)
    {
        _known.Remove(node);
        _known.Add(node);
        if (_known.Count > _knownMax)
        {
            _known.RemoveAt(0);
        }
    }

    /// <summary>Forgets a node that did not answer.</summary>
    public void Forget(NodeRef node) => _known.Remove(node);
}
