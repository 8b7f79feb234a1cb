using CsCheck;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Flooding;

/// <summary>
/// A static graph of <see cref="FloodNode"/>s, and all that was sent on it. Every message takes 1 ms, so that floods go breadth first.
/// </summary>
internal sealed class FloodGraph
{
    private readonly List<FloodNode> _nodes = [];

    public FloodGraph(int nodes, IEnumerable<(int A, int B)> edges, FloodParameters parameters)
    {
        Network = new SimulatedNetwork(1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1))
        {
            Sending = (from, to, body) => Sent.Add((from, to, body)),
            Observing = (node, effect) => Effects.Add((node, effect)),
        };
        for (var i = 0; i < nodes; i++)
        {
            _nodes.Add(Network.Add(new FloodNode(i, parameters)));
        }

        foreach (var (a, b) in edges)
        {
            _nodes[a].LinkWith(FloodNode.Ref(b));
            _nodes[b].LinkWith(FloodNode.Ref(a));
            Edges++;
        }
    }

    /// <summary>Connected random graphs: a random tree and further random edges.</summary>
    public static Gen<(int Nodes, List<(int A, int B)> Edges)> Connected { get; } =
        Gen.Select(Gen.Int[2, 24], Gen.Int[0, 40], Gen.ULong, (nodes, extra, seed) => (nodes, Random(nodes, extra, seed)));

    public SimulatedNetwork Network { get; }

    public int Edges { get; }

    public List<(NodeRef From, NodeRef To, IMessage Body)> Sent { get; } = [];

    public List<(NodeRef Node, Effect Effect)> Effects { get; } = [];

    public IEnumerable<(NodeRef From, NodeRef To, QueryRequest Query)> Queries =>
        Sent.Where(sent => sent.Body is QueryRequest).Select(sent => (sent.From, sent.To, (QueryRequest)sent.Body));

    public FloodNode this[int number] => _nodes[number];

    public static FloodGraph Path(int nodes, FloodParameters parameters) =>
        new(nodes, Enumerable.Range(0, nodes - 1).Select(i => (i, i + 1)), parameters);

    public SearchResult Search(int from, string query = "song", int limit = 10) =>
        Network.Ask($"node-{from}", new SearchCommand(query, limit));

    /// <summary>Distance of every node from one, by breadth-first search.</summary>
    public Dictionary<NodeRef, int> Distances(int from)
    {
        var distances = new Dictionary<NodeRef, int> { [FloodNode.Ref(from)] = 0 };
        var queue = new Queue<FloodNode>([_nodes[from]]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var link in node.Links.Where(link => distances.TryAdd(link, distances[node.Self] + 1)))
            {
                queue.Enqueue(_nodes.Single(other => other.Self == link));
            }
        }

        return distances;
    }

    private static List<(int A, int B)> Random(int nodes, int extra, ulong seed)
    {
        var random = new SplitMix64(seed);
        var edges = new HashSet<(int, int)>();
        for (var i = 1; i < nodes; i++)
        {
            edges.Add((random.NextBelow(i), i));
        }

        for (var i = 0; i < extra; i++)
        {
            var (a, b) = (random.NextBelow(nodes), random.NextBelow(nodes));
            if (a != b)
            {
                edges.Add((Math.Min(a, b), Math.Max(a, b)));
            }
        }

        return [.. edges];
    }
}
