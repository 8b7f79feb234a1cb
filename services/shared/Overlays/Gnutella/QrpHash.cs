using System.Text;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>The hash function of the Query Routing Protocol 1.0.</summary>
public static class QrpHash
{
    private const uint Multiplier = 0x4F1BBCDC;

    /// <summary>
    /// XOR of the keyword's UTF-8 bytes taken as little-endian words of 4 bytes, times 0x4F1BBCDC modulo 2^32, the top bits of it.
    /// </summary>
    /// <param name="keyword">In lower case.</param>
    /// <param name="bits">1 to 31; the result is below 2^bits.</param>
    public static int Of(string keyword, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 31);
        var folded = 0u;
        var bytes = Encoding.UTF8.GetBytes(keyword);
        for (var i = 0; i < bytes.Length; i++)
        {
            folded ^= (uint)bytes[i] << (8 * (i & 3));
        }

        return (int)(unchecked(folded * Multiplier) >> (32 - bits));
    }
}
