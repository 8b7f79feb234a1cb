using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Flooding;

public class QueryLimiterTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly NodeRef A = new("a");
    private static readonly NodeRef B = new("b");

    [Fact]
    public void Neighbour_may_send_a_burst_and_then_its_rate()
    {
        var limiter = new QueryLimiter(10, 5);

        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => limiter.TryTake(A, [A, B], Start)));
        Assert.Equal(2, Enumerable.Range(0, 20).Count(_ => limiter.TryTake(A, [A, B], Start + TimeSpan.FromSeconds(0.25))));
        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => limiter.TryTake(A, [A, B], Start + TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Neighbours_do_not_share_a_limit()
    {
        var limiter = new QueryLimiter(1, 1);

        Assert.True(limiter.TryTake(A, [A, B], Start));
        Assert.True(limiter.TryTake(B, [A, B], Start));
        Assert.False(limiter.TryTake(A, [A, B], Start));
    }

    [Fact]
    public void Senders_without_a_link_share_one_limit()
    {
        var limiter = new QueryLimiter(1, 1);

        Assert.True(limiter.TryTake(new NodeRef("c"), [A], Start));
        Assert.False(limiter.TryTake(new NodeRef("d"), [A], Start));
    }

    [Fact]
    public void Query_above_the_limit_is_dropped_and_counted_ends_the_branch_and_keeps_the_link()
    {
        var graph = FloodGraph.Path(3, new FloodParameters { QueriesPerSecond = 1, QueryBurst = 2 });
        graph[2].Files.Add(Sample.File("song"));

        List<SearchResult> results = [graph.Search(0), graph.Search(0), graph.Search(0)];

        Assert.Equal([SearchOutcome.Complete, SearchOutcome.Complete, SearchOutcome.Partial], results.Select(result => result.Outcome));
        Assert.Equal([1, 1, 0], results.Select(result => result.Postings.Count));
        Assert.Equal(HopOutcomes.Limited, Assert.Single(results[2].Hops).Outcome);
        Assert.Equal(1, graph[1].Flood.Limited);
        Assert.Contains(FloodNode.Ref(1), graph[0].Links);
    }
}
