using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Tests.Searches;

public sealed class PopularityTests
{
    private const int Files = 100;
    private const int Draws = 200_000;

    [Theory]
    [InlineData("uniform", "uniform")]
    [InlineData("zipf:0.8", "zipf:0.8")]
    [InlineData("zipf:0", "uniform")]
    public void Its_words_are_read_and_written(string text, string written)
    {
        Assert.True(Popularity.TryParse(text, out var popularity));
        Assert.Equal(written, popularity.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("zipf")]
    [InlineData("zipf:")]
    [InlineData("zipf:-1")]
    [InlineData("zipf:4")]
    [InlineData("zipf:0,8")]
    [InlineData("Uniform")]
    public void Other_words_are_refused(string text) => Assert.False(Popularity.TryParse(text, out _));

    [Fact]
    public void Under_Zipfs_law_the_second_file_is_asked_for_as_often_as_its_rank_says()
    {
        var counts = Count(Popularity.Zipf(0.8));

        Assert.Equal(Math.Pow(2, 0.8), (double)counts[0] / counts[1], 0.1);
        Assert.Equal(Math.Pow(10, 0.8), (double)counts[0] / counts[9], 0.5);
    }

    [Fact]
    public void A_uniform_popularity_asks_for_all_files_alike()
    {
        var counts = Count(Popularity.Uniform);

        Assert.All(counts, count => Assert.InRange(count, Draws / Files * 0.85, Draws / Files * 1.15));
    }

    private static int[] Count(Popularity popularity)
    {
        var counts = new int[Files];
        var ranks = popularity.Ranks(Files, new SplitMix64(1));
        for (var i = 0; i < Draws; i++)
        {
            counts[ranks()]++;
        }

        return counts;
    }
}
