using CsCheck;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Common;

public class RandomTests
{
    [Fact]
    public void SplitMix64_gives_the_published_sequence()
    {
        var random = new SplitMix64(1234567);

        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            Enumerable.Range(0, 5).Select(_ => random.NextBits()));
    }

    [Fact]
    public void NextBelow_and_NextUnit_stay_within_their_bounds() => Gen.Select(Gen.ULong, Gen.Int[1, 1000]).Sample((seed, count) =>
    {
        var random = new SplitMix64(seed);
        return random.NextBelow(count) is var n && n >= 0 && n < count && random.NextUnit() is >= 0 and < 1;
    });

    [Fact]
    public void NextBelow_without_a_choice_throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new SplitMix64(1).NextBelow(0));

    [Fact]
    public void NextAround_stays_within_its_fraction() => Gen.ULong.Sample(seed =>
        new SplitMix64(seed).NextAround(TimeSpan.FromSeconds(10), 0.1) is var time
        && time >= TimeSpan.FromSeconds(9) && time <= TimeSpan.FromSeconds(11));

    [Fact]
    public void Sample_is_without_replacement_and_of_the_size_asked_for() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 20], Gen.Int[0, 30]).Sample((seed, items, count) =>
        {
            var sample = new SplitMix64(seed).Sample(Enumerable.Range(0, items), count);
            return sample.Count == Math.Min(items, count) && sample.Distinct().Count() == sample.Count;
        });
}
