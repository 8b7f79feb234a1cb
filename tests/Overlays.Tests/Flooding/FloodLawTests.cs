using System.Text.Json;
using CsCheck;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Flooding;

public class FloodLawTests
{
    private const int Graphs = 60;

    private static readonly FloodParameters Far = new() { Ttl = 24 };

    [Fact]
    public void Flood_on_any_connected_graph_sends_2E_minus_N_plus_1_queries() => FloodGraph.Connected.Sample(
        shape =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, Far);

            var result = graph.Search(0);

            Assert.Equal((2 * graph.Edges) - shape.Nodes + 1, result.Messages);
            Assert.Equal(result.Messages, graph.Queries.Count());
        },
        iter: Graphs);

    [Fact]
    public void Flood_with_holders_sends_one_more_message_for_each_step_of_each_hit() => FloodGraph.Connected.Sample(
        shape =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, Far);
            var holders = Enumerable.Range(0, shape.Nodes).Where(number => number % 3 == 1).ToList();
            holders.ForEach(number => graph[number].Files.Add(Sample.File("song")));

            var result = graph.Search(0);

            var distances = graph.Distances(0);
            Assert.Equal((2 * graph.Edges) - shape.Nodes + 1 + holders.Sum(number => distances[FloodNode.Ref(number)]), result.Messages);
            Assert.Equal(result.Messages, graph.Sent.Count);
            Assert.Equal(holders.Count, result.Postings.Count);
        },
        iter: Graphs);

    [Fact]
    public void Node_handles_a_guid_once_and_the_hops_are_a_tree_over_all_nodes() => FloodGraph.Connected.Sample(
        shape =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, Far);

            var result = graph.Search(0);

            var reached = Sample.Flatten(result.Hops).Select(hop => hop.To).ToList();
            Assert.Equal(shape.Nodes - 1, reached.Distinct().Count());
            var marked = graph.Effects.Where(seen => seen.Effect is Effect.HopReceived).Select(seen => seen.Node.Name);
            Assert.Equal(reached.Order(), marked.Order());
            Assert.Equal(
                2 * (graph.Edges - shape.Nodes + 1), graph.Effects.Count(seen => seen.Effect is Effect.HopRepeated));
        },
        iter: Graphs);

    [Fact]
    public void Ttl_plus_hops_is_constant_and_no_query_names_the_origin() => FloodGraph.Connected.Sample(
        shape =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, Far);

            graph.Search(0);

            Assert.All(graph.Queries, sent => Assert.Equal(Far.Ttl, sent.Query.Ttl + sent.Query.Hops));
            Assert.All(
                graph.Queries, sent => Assert.DoesNotContain("node-", JsonSerializer.Serialize(sent.Query), StringComparison.Ordinal));
        },
        iter: Graphs);

    [Fact]
    public void Hit_travels_exactly_the_reverse_path_of_its_query() => FloodGraph.Connected.Sample(
        shape =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, Far);
            var holder = FloodNode.Ref(shape.Nodes - 1);
            graph[shape.Nodes - 1].Files.Add(Sample.File("song"));

            var result = graph.Search(0);

            var path = new List<(string, string)>();
            for (var hop = FindTo(result.Hops, holder.Name); hop is not null; hop = FindTo(result.Hops, hop.From))
            {
                path.Add((hop.To, hop.From));
            }

            Assert.Equal(path, graph.Sent.Where(sent => sent.Body is QueryHitRequest).Select(sent => (sent.From.Name, sent.To.Name)));
        },
        iter: Graphs);

    [Fact]
    public void Holder_is_found_exactly_when_it_is_within_ttl_hops() => Gen.Select(FloodGraph.Connected, Gen.Int[1, 4]).Sample(
        (shape, ttl) =>
        {
            var graph = new FloodGraph(shape.Nodes, shape.Edges, new FloodParameters { Ttl = ttl });
            for (var i = 1; i < shape.Nodes; i++)
            {
                graph[i].Files.Add(Sample.File("song"));
            }

            var result = graph.Search(0);

            var near = graph.Distances(0).Where(entry => entry.Value >= 1 && entry.Value <= ttl).Select(entry => entry.Key.Name);
            Assert.Equal(near.Order(), result.Postings.Select(posting => posting.Peer).Order());
        },
        iter: Graphs);

    [Theory]
    [InlineData(7, 7, true)]
    [InlineData(7, 8, false)]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, false)]
    public void Holder_on_a_path_is_found_up_to_distance_ttl(int ttl, int distance, bool found)
    {
        var graph = FloodGraph.Path(10, new FloodParameters { Ttl = ttl });
        graph[distance].Files.Add(Sample.File("song"));

        var result = graph.Search(0);

        Assert.Equal(found, result.Postings.Count == 1);
        Assert.Equal(found ? ttl + distance : ttl, result.Messages);
    }

    private static Hop? FindTo(IReadOnlyList<Hop> hops, string name) => Sample.Flatten(hops).SingleOrDefault(hop => hop.To == name);
}
