using P2PCloud.Simulation.Figures;

namespace P2PCloud.Figures.Tests;

public sealed class RuleTests
{
    [Theory]
    [InlineData(4.19, 0, true)]
    [InlineData(3.81, 0, true)]
    [InlineData(4.21, 0, false)]
    [InlineData(4.59, 0.2, true)]
    [InlineData(4.61, 0.2, false)]
    public void A_mean_agrees_within_5_percent_or_3_standard_errors(double ours, double standardError, bool agrees) =>
        Assert.Equal(agrees, Rule.Mean.Holds(ours, standardError, new PublishedValue(4, 2)));

    [Theory]
    [InlineData(0.04, true)]
    [InlineData(0.06, false)]
    public void A_printed_zero_stands_for_all_that_rounds_to_it(double ours, bool agrees) =>
        Assert.Equal(agrees, Rule.Mean.Holds(ours, 0, new PublishedValue(0, 1)));

    [Theory]
    [InlineData(2.3, true)]
    [InlineData(2.79, true)]
    [InlineData(2.81, false)]
    [InlineData(2.2, false)]
    public void The_slack_above_the_theory_is_one_sided(double ours, bool agrees) =>
        Assert.Equal(agrees, Rule.MeanOrAboveBy(0.4).Holds(ours, 0, new PublishedValue(2.4, 2)));

    [Fact]
    public void A_row_without_a_published_value_neither_agrees_nor_disagrees() =>
        Assert.Null(new FigureRow(1, 2, null, null, Rule.Mean).Agrees);

    [Fact]
    public void The_standard_error_is_that_of_the_mean_of_the_runs()
    {
        var sample = Sample.Of([1.0, 2, 3, 4]);

        Assert.Equal(2.5, sample.Mean);
        Assert.Equal(Math.Sqrt(5.0 / 3 / 4), sample.StandardError!.Value, 12);
        Assert.Null(Sample.Of([1.0]).StandardError);
    }

    [Fact]
    public void The_shares_of_the_distribution_are_the_binomials()
    {
        Assert.Equal(0.2256, Published.PathLength.Share(12, 6), 4);
        Assert.Equal(0.1934, Published.PathLength.Share(12, 5), 4);
        Assert.Equal(1, Enumerable.Range(0, 13).Sum(n => Published.PathLength.Share(12, n)), 12);
    }
}
