using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Figures.Tests;

public sealed class KeyLoadTests
{
    private const ulong Seed = 3;

    private static readonly Lazy<IReadOnlyList<Figure>> Quick = new(
        () => ChordFigures.Compute(FigureSizes.Quick, Seed, new TextbookSimulator().Run, cancellationToken: TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(20, 5)]
    public void Every_key_belongs_to_the_first_id_clockwise(int hosts, int virtualNodes)
    {
        var keys = KeyLoad.Keys(1000, Seed, TestContext.Current.CancellationToken);

        var expected = SharesByDefinition(hosts, virtualNodes, keys);

        Assert.Equal(expected, KeyLoad.Shares(hosts, virtualNodes, keys, Seed));
    }

    [Fact]
    public void The_shares_have_the_mean_1_and_ascend()
    {
        var shares = KeyLoad.Shares(100, 3, KeyLoad.Keys(5000, Seed, TestContext.Current.CancellationToken), Seed);

        Assert.Equal(1, shares.Average(), 9);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void Load_at_the_papers_size_is_the_papers()
    {
        var figure = Quick.Value[0];

        Assert.Equal([4.6, 9.1], figure.Compared.Select(row => row.Published!.Value));
        Assert.All(figure.Compared, row => Assert.True(row.Agrees));
    }

    [Fact]
    public void Virtual_nodes_narrow_the_spread_as_published()
    {
        var figure = Quick.Value[1];

        var high = figure.Panels[0].Series[0].Rows;
        var low = figure.Panels[0].Series[1].Rows;
        Assert.Equal(high.Select(row => row.Ours).OrderDescending(), high.Select(row => row.Ours));
        Assert.Equal(low.Select(row => row.Ours).Order(), low.Select(row => row.Ours));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(50, 2)]
    [InlineData(51, 3)]
    [InlineData(100, 4)]
    public void A_percentile_is_the_nearest_rank(double percent, double expected) => Assert.Equal(expected, KeyLoad.Percentile([1, 2, 3, 4], percent));

    private static IEnumerable<double> SharesByDefinition(int hosts, int virtualNodes, NodeId[] keys)
    {
        var space = new RingSpace(128);
        var nodes =
            from host in Enumerable.Range(0, hosts)
            from number in Enumerable.Range(0, virtualNodes)
            select (Host: host, Id: space.IdOf(new NodeRef($"host-{Seed}-{host}", number)));
        var owners = keys.CountBy(key => nodes.MinBy(node => space.Distance(key, node.Id)).Host).ToDictionary();
        return Enumerable.Range(0, hosts).Select(host => owners.GetValueOrDefault(host) / ((double)keys.Length / hosts)).Order();
    }
}
