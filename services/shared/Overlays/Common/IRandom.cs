namespace P2PCloud.Overlays.Common;

/// <summary>The only source of chance in an engine: a seed gives the same sequence on every platform and version.</summary>
public interface IRandom
{
    /// <summary>64 uniform bits.</summary>
    ulong NextBits();
}

/// <summary>SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
public sealed class SplitMix64(ulong seed) : IRandom
{
    private ulong _state = seed;

    /// <inheritdoc/>
    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>Draws from an <see cref="IRandom"/>.</summary>
public static class RandomExtensions
{
    /// <summary>Uniform in [0, 1).</summary>
    public static double NextUnit(this IRandom random) => (random.NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="count"/>), count at least 1.</summary>
    public static int NextBelow(this IRandom random, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(((UInt128)random.NextBits() * (uint)count) >> 64);
    }

    /// <summary>A duration within <paramref name="fraction"/> (0 to 1) of <paramref name="mean"/> on both sides.</summary>
    public static TimeSpan NextAround(this IRandom random, TimeSpan mean, double fraction) =>
        mean * (1 + (fraction * ((2 * random.NextUnit()) - 1)));

    /// <summary>A uniform sample without replacement, in random order; all items when there are fewer.</summary>
    public static List<T> Sample<T>(this IRandom random, IEnumerable<T> items, int count)
    {
        var pool = items.ToList();
        var wanted = Math.Min(count, pool.Count);
        for (var i = 0; i < wanted; i++)
        {
            var j = i + random.NextBelow(pool.Count - i);
            (pool[i], pool[j]) = (pool[j], pool[i]);
        }

        pool.RemoveRange(wanted, pool.Count - wanted);
        return pool;
    }

    /// <summary>Different whole numbers below a bound, uniform and in random order: <see cref="Sample"/> of their places, without a copy of the items.</summary>
    /// <param name="random">Chance.</param>
    /// <param name="below">The bound.</param>
    /// <param name="count">How many; all when there are fewer.</param>
    public static IReadOnlyList<int> SampleBelow(this IRandom random, int below, int count)
    {
        // Fisher and Yates, of which only the places that were exchanged are kept.
        var wanted = Math.Min(count, below);
        var exchanged = new Dictionary<int, int>(2 * wanted);
        var sample = new int[wanted];
        for (var i = 0; i < wanted; i++)
        {
            var j = i + random.NextBelow(below - i);
            sample[i] = exchanged.GetValueOrDefault(j, j);
            exchanged[j] = exchanged.GetValueOrDefault(i, i);
        }

        return sample;
    }
}
