using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Searches;

/// <summary>Who is linked with whom in an unstructured overlay at one moment, and who of them has died since.</summary>
internal sealed class OverlayGraph
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _links;
    private readonly IReadOnlySet<string> _dead;
    private readonly Dictionary<string, Dictionary<string, int>> _distances = new(StringComparer.Ordinal);
    private int _dying;

    private OverlayGraph(IReadOnlyDictionary<string, IReadOnlyList<string>> links, IReadOnlySet<string> dead)
    {
        _links = links;
        _dead = dead;
    }

    /// <summary>N.</summary>
    public int Nodes => _links.Count;

    /// <summary>E.</summary>
    public int Edges => _links.Values.Sum(links => links.Count) / 2;

    /// <summary>Messages of a flood of unlimited TTL while nobody is dead: 2E - N + 1 (protocols.md, section 3).</summary>
    public int WholeFlood => (2 * Edges) - Nodes + 1;

    /// <summary>2E / N.</summary>
    public double MeanDegree => 2.0 * Edges / Nodes;

    /// <summary>The links of each node.</summary>
    /// <param name="links">By name.</param>
    /// <param name="dead">Nodes that do not answer any more; it may grow.</param>
    public static OverlayGraph Of(IReadOnlyDictionary<string, IReadOnlyList<NodeRef>> links, IReadOnlySet<string> dead) => new(
        links.ToDictionary(
            entry => entry.Key, entry => (IReadOnlyList<string>)[.. entry.Value.Select(node => node.Name)], StringComparer.Ordinal),
        dead);

    /// <summary>Links from a node to each living one, over living ones; those that cannot be reached are missing.</summary>
    public IReadOnlyDictionary<string, int> DistancesFrom(string origin)
    {
        if (_dying != _dead.Count)
        {
            _dying = _dead.Count;
            _distances.Clear();
        }

        if (!_distances.TryGetValue(origin, out var distances))
        {
            _distances[origin] = distances = Measure(origin);
        }

        return distances;
    }

    /// <summary>
    /// Query messages of a flood: every living node that is less than TTL links away sends one over each of its links, but not back;
    /// messages to the dead are sent too.
    /// </summary>
    public int FloodMessages(string origin, int ttl) => DistancesFrom(origin)
        .Where(node => node.Value < ttl)
        .Sum(node => _links[node.Key].Count - (node.Key == origin ? 0 : 1));

    private Dictionary<string, int> Measure(string origin)
    {
        var distances = new Dictionary<string, int>(StringComparer.Ordinal) { [origin] = 0 };
        var queue = new Queue<string>([origin]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var next in _links[node])
            {
                if (!_dead.Contains(next) && _links.ContainsKey(next) && distances.TryAdd(next, distances[node] + 1))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return distances;
    }
}
