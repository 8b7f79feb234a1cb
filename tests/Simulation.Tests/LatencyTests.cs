using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Tests;

public sealed class LatencyTests
{
    private const int Draws = 100_000;

    private static readonly TimeSpan Mean = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Uniform_latencies_fill_their_bounds()
    {
        var latencies = Draw(new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));

        Assert.InRange(latencies.Min(), 1, 1.01);
        Assert.InRange(latencies.Max(), 4.99, 5);
        Assert.InRange(latencies.Average(), 2.98, 3.02);
    }

    [Fact]
    public void Exponential_latencies_have_their_mean() => Assert.InRange(Draw(new ExponentialLatency(Mean)).Average(), 49, 51);

    [Fact]
    public void Exponential_latencies_exceed_each_value_as_often_as_the_distribution_says()
    {
        var latencies = Draw(new ExponentialLatency(Mean));

        foreach (var multiple in new[] { 0.1, 0.5, 1, 2, 4 })
        {
            var share = latencies.Count(latency => latency > 50 * multiple) / (double)Draws;
            Assert.InRange(share, Math.Exp(-multiple) - 0.01, Math.Exp(-multiple) + 0.01);
        }
    }

    [Fact]
    public void An_exponential_latency_is_that_of_the_logarithm_to_a_tick()
    {
        var drawn = new SplitMix64(5);
        var same = new SplitMix64(5);
        var model = new ExponentialLatency(Mean);

        for (var i = 0; i < 1_000; i++)
        {
            Assert.InRange((model.Latency(0, 1, drawn) - (Mean * -Math.Log(1 - same.NextUnit()))).Ticks, -1, 1);
        }
    }

    [Fact]
    public void In_space_the_way_back_is_as_long_as_the_way_there()
    {
        var model = new EuclideanLatency(1, Mean);
        var random = new SplitMix64(1);

        Assert.Equal(model.Latency(3, 900, random), model.Latency(900, 3, random));
    }

    [Fact]
    public void In_space_a_nodes_place_does_not_depend_on_who_was_asked_first()
    {
        var random = new SplitMix64(1);
        var grown = new EuclideanLatency(1, Mean);
        grown.Latency(0, 1, random);

        Assert.Equal(new EuclideanLatency(1, Mean).Latency(3, 900, random), grown.Latency(3, 900, random));
    }

    [Fact]
    public void In_space_no_way_is_longer_than_the_detour_over_a_third_node()
    {
        var model = new EuclideanLatency(7, Mean);
        var random = new SplitMix64(1);

        for (var i = 0; i < 100; i++)
        {
            var direct = model.Latency(i, i + 1, random);
            Assert.InRange(direct, TimeSpan.Zero, model.Latency(i, i + 2, random) + model.Latency(i + 2, i + 1, random) + TimeSpan.FromTicks(2));
        }
    }

    [Fact]
    public void In_space_the_mean_distance_is_that_of_the_unit_cube()
    {
        var model = new EuclideanLatency(1, TimeSpan.FromMilliseconds(1000));
        var random = new SplitMix64(1);

        var distances = Enumerable.Range(0, Draws).Select(i => model.Latency(2 * i, (2 * i) + 1, random).TotalMilliseconds);

        Assert.InRange(distances.Average(), 655, 668);
    }

    private static List<double> Draw(ILatencyModel model)
    {
        var random = new SplitMix64(3);
        return [.. Enumerable.Range(0, Draws).Select(_ => model.Latency(0, 1, random).TotalMilliseconds)];
    }
}
