using System.Globalization;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>
/// How often each of a number of files is asked for: the file of rank i with a probability proportional to 1 / i^s (Zipf's law); s = 0 is
/// uniform. Queries of Gnutella and KaZaA were seen with s near 0.8 (Lv et al., ICS 2002, use uniform and Zipf).
/// </summary>
public sealed record Popularity
{
    private Popularity(double exponent) => Exponent = exponent;

    /// <summary>All files alike.</summary>
    public static Popularity Uniform { get; } = new(0);

    /// <summary>s, 0 to 3.</summary>
    public double Exponent { get; }

    /// <summary>Zipf's law.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is not 0 to 3.</exception>
    public static Popularity Zipf(double exponent) =>
        exponent is >= 0 and <= 3 ? new Popularity(exponent) : throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "0 to 3.");

    /// <summary>Reads <c>uniform</c> or <c>zipf:s</c>.</summary>
    public static bool TryParse(string text, out Popularity popularity)
    {
        popularity = Uniform;
        const string Prefix = "zipf:";
        if (text is "uniform")
        {
            return true;
        }

        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || !double.TryParse(text.AsSpan(Prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exponent)
            || exponent is not (>= 0 and <= 3))
        {
            return false;
        }

        popularity = Zipf(exponent);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Exponent == 0 ? "uniform" : string.Create(CultureInfo.InvariantCulture, $"zipf:{Exponent}");

    /// <summary>Draws ranks.</summary>
    /// <param name="files">How many files, at least 1.</param>
    /// <param name="random">Its chance.</param>
    /// <returns>Ranks from 0, most popular first.</returns>
    public Func<int> Ranks(int files, IRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(files, 1);
        if (Exponent == 0)
        {
            return () => random.NextBelow(files);
        }

        var sums = new double[files];
        var sum = 0.0;
        for (var rank = 0; rank < files; rank++)
        {
            sum += Math.Pow(rank + 1, -Exponent);
            sums[rank] = sum;
        }

        return () =>
        {
            var place = Array.BinarySearch(sums, random.NextUnit() * sum);
            return Math.Min(place < 0 ? ~place : place, files - 1);
        };
    }
}
