using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Flooding;

public class FloodFailureTests
{
    private static readonly DescriptorId Guid = DescriptorId.FromRandomBits(1, 2);

    [Fact]
    public void Dead_neighbour_makes_the_result_partial_and_ends_the_link()
    {
        var graph = FloodGraph.Path(3, new FloodParameters());
        graph[1].Files.Add(Sample.File("song"));
        graph.Network.Kill("node-2");

        var result = graph.Search(0);

        Assert.Equal(SearchOutcome.Partial, result.Outcome);
        Assert.Single(result.Postings);
        var failed = Sample.Flatten(result.Hops).Single(hop => hop.Outcome is not null);
        Assert.Equal(("node-1", "node-2", HopOutcomes.Unreachable), (failed.From, failed.To, failed.Outcome));
        Assert.Contains(graph.Effects, seen => seen.Node.Name == "node-1" && seen.Effect is Effect.HopFailed { Hop.Index: 1 });
        Assert.DoesNotContain(FloodNode.Ref(2), graph[1].Links);
    }

    [Fact]
    public void Hanging_node_far_away_is_reported_before_the_calls_above_it_give_up()
    {
        var graph = FloodGraph.Path(5, new FloodParameters());
        graph[4].Silent = true;
        graph[3].Files.Add(Sample.File("song"));

        var result = graph.Search(0);

        Assert.Equal(SearchOutcome.Partial, result.Outcome);
        Assert.Single(result.Postings);
        Assert.Equal("node-4", Assert.Single(Sample.Flatten(result.Hops), hop => hop.Outcome is not null).To);
    }

    [Fact]
    public void Own_guid_coming_back_is_a_duplicate()
    {
        var graph = new FloodGraph(3, [(0, 1), (1, 2), (2, 0)], new FloodParameters());
        graph[0].Files.Add(Sample.File("song"));

        var result = graph.Search(0);

        Assert.Equal(4, result.Messages);
        Assert.Equal("node-0", Assert.Single(result.Postings).Peer);
    }

    [Fact]
    public void Hop_time_is_one_way()
    {
        var result = FloodGraph.Path(3, new FloodParameters()).Search(0);

        Assert.All(Sample.Flatten(result.Hops), hop => Assert.Equal(1, hop.ElapsedMs));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(7, -1)]
    [InlineData(22, 3)]
    public void Query_with_a_ttl_out_of_bounds_is_dropped(int ttl, int hops)
    {
        var graph = FloodGraph.Path(3, new FloodParameters());

        var report = graph.Network.Ask("node-0", new SendCommand(FloodNode.Ref(1), new QueryRequest(Guid, ttl, hops, "song", 10)));

        Assert.Equal(FloodReport.Duplicate, report);
        Assert.Equal(1, graph[1].Flood.Dropped);
        Assert.DoesNotContain(graph.Queries, sent => sent.To == FloodNode.Ref(2));
    }

    [Fact]
    public void Query_longer_than_256_characters_is_dropped()
    {
        var graph = FloodGraph.Path(3, new FloodParameters());
        var query = new QueryRequest(Guid, 7, 0, new string('a', SearchTerms.QueryLengthMax + 1), 10);

        graph.Network.Ask("node-0", new SendCommand(FloodNode.Ref(1), query));

        Assert.Equal(1, graph[1].Flood.Dropped);
    }

    [Fact]
    public void Node_answers_with_at_most_the_limit_of_hits()
    {
        var graph = FloodGraph.Path(2, new FloodParameters());
        for (var i = 0; i < 5; i++)
        {
            graph[1].Files.Add(Sample.File($"song {i}"));
        }

        Assert.Equal(3, graph.Search(0, limit: 3).Postings.Count);
    }

    [Fact]
    public void Same_guid_a_second_time_is_not_forwarded()
    {
        var graph = FloodGraph.Path(3, new FloodParameters());
        var query = new QueryRequest(Guid, 7, 0, "song", 10);

        graph.Network.Ask("node-0", new SendCommand(FloodNode.Ref(1), query));
        graph.Network.Ask("node-0", new SendCommand(FloodNode.Ref(1), query));

        Assert.Single(graph.Queries, sent => sent.To == FloodNode.Ref(2));
    }
}
