using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Tests.Flooding;

public class PongCacheTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);
    private readonly PongCache _cache = new(5, Age);

    [Fact]
    public void Full_cache_forgets_the_node_with_the_oldest_sign_of_life()
    {
        for (var i = 0; i < 50; i++)
        {
            _cache.Add(Node(i), Start - TimeSpan.FromSeconds(i % 10), Start);
            Assert.InRange(_cache.Count, 1, 5);
        }

        Assert.Equal(["node-0", "node-10", "node-20", "node-30", "node-40"], Names(Age));
    }

    [Fact]
    public void Node_is_forgotten_when_its_last_sign_of_life_is_too_old()
    {
        _cache.Add(Node(1), Start - Age, Start);
        _cache.Add(Node(2), Start - Age + TimeSpan.FromSeconds(1), Start);

        Assert.Equal(["node-2"], Names(Age));
        Assert.Empty(_cache.Sample(new SplitMix64(1), 10, Age, Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void Older_news_of_a_node_does_not_replace_newer()
    {
        _cache.Add(new NodeRef("node", null, "new"), Start, Start);
        _cache.Add(new NodeRef("node", null, "old"), Start - TimeSpan.FromMinutes(1), Start);

        Assert.Equal("new", Assert.Single(_cache.Sample(new SplitMix64(1), 10, Age, Start)).Node.Endpoint);
    }

    [Fact]
    public void News_from_the_future_counts_as_news_of_now()
    {
        _cache.Add(Node(1), Start + TimeSpan.FromHours(1), Start);

        Assert.Equal(TimeSpan.Zero, Assert.Single(_cache.Sample(new SplitMix64(1), 10, Age, Start)).Age);
    }

    [Fact]
    public void Sample_has_only_nodes_as_lively_as_asked_for()
    {
        _cache.Add(Node(1), Start - TimeSpan.FromSeconds(10), Start);
        _cache.Add(Node(2), Start - TimeSpan.FromSeconds(70), Start);

        Assert.Equal(["node-1"], Names(TimeSpan.FromMinutes(1)));
    }

    private static NodeRef Node(int number) => new($"node-{number}");

    private IEnumerable<string> Names(TimeSpan within) =>
        _cache.Sample(new SplitMix64(1), 10, within, Start).Select(live => live.Node.Name).Order(StringComparer.Ordinal);
}
