namespace P2PCloud.Simulation.Scenarios;

/// <summary>The links of an unstructured overlay at one moment.</summary>
internal sealed class Graph
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> _links = new(StringComparer.Ordinal);

    public int Nodes => _links.Count;

    /// <summary>Each link counted once.</summary>
    public int Edges => _links.Values.Sum(links => links.Count) / 2;

    /// <summary>Query messages of a flood that reaches everybody and is not stopped by its TTL (protocols.md 3).</summary>
    public int FloodMessages => (2 * Edges) - Nodes + 1;

    public void Add(string node, IEnumerable<string> links) => _links[node] = [.. links];

    /// <summary>Links known at one end only, or with nodes that are not there; degrees out of bounds; more than one component.</summary>
    public IEnumerable<Misfit> Misfits(int degreeMin, int degreeMax)
    {
        foreach (var (node, links) in _links)
        {
            foreach (var other in links.Where(other => !_links.TryGetValue(other, out var back) || !back.Contains(node)))
            {
                yield return new Misfit(node, $"has a link with {other}, which has none with it");
            }

            if (links.Count < Math.Min(degreeMin, _links.Count - 1) || links.Count > degreeMax)
            {
                yield return new Misfit(node, $"has {links.Count} links, not {degreeMin} to {degreeMax}");
            }
        }

        if (_links.Count > 0 && Reach(_links.First().Key) is var reach && reach < _links.Count)
        {
            yield return new Misfit(_links.First().Key, $"has a path to {reach} of {_links.Count} nodes");
        }
    }

    /// <summary>Whether two graphs have the same nodes and links.</summary>
    public bool IsSame(Graph other) =>
        _links.Count == other._links.Count
        && _links.All(entry => other._links.TryGetValue(entry.Key, out var links) && links.SequenceEqual(entry.Value));

    private int Reach(string start)
    {
        HashSet<string> reached = [start];
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var node))
        {
            foreach (var next in _links.GetValueOrDefault(node, []).Where(reached.Add))
            {
                queue.Enqueue(next);
            }
        }

        return reached.Count;
    }
}
