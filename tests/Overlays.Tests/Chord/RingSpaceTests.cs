using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

public sealed class RingSpaceTests
{
    public static TheoryData<int> SmallRings => [3, 4, 5, 6];

    [Theory]
    [MemberData(nameof(SmallRings))]
    public void An_open_interval_holds_what_a_clockwise_walk_passes_between_its_ends(int bits)
    {
        var space = new RingSpace(bits);
        foreach (var (from, x, to) in Triples(bits))
        {
            Assert.Equal(Walk(bits, from, to).Contains(x) && x != from && x != to, space.IsBetween(new(from), new(x), new(to)));
        }
    }

    [Theory]
    [MemberData(nameof(SmallRings))]
    public void A_half_open_interval_holds_its_end_too(int bits)
    {
        var space = new RingSpace(bits);
        foreach (var (from, x, to) in Triples(bits))
        {
            Assert.Equal(Walk(bits, from, to).Contains(x) && (x != from || from == to), space.IsInHalfOpen(new(from), new(x), new(to)));
        }
    }

    [Theory]
    [MemberData(nameof(SmallRings))]
    public void Distance_is_the_number_of_steps_of_the_walk(int bits)
    {
        var space = new RingSpace(bits);
        foreach (var (from, _, to) in Triples(bits))
        {
            Assert.Equal(new NodeId(to), space.Add(new(from), space.Distance(new(from), new(to))));
        }
    }

    [Theory]
    [InlineData(5UL, 7UL, 10UL, true)]
    [InlineData(15UL, 2UL, 5UL, true)]
    [InlineData(5UL, 5UL, 10UL, false)]
    [InlineData(5UL, 10UL, 10UL, true)]
    [InlineData(5UL, 11UL, 10UL, false)]
    [InlineData(5UL, 5UL, 5UL, true)]
    public void The_example_of_the_documentation_holds(ulong from, ulong x, ulong to, bool inside) =>
        Assert.Equal(inside, new RingSpace(4).IsInHalfOpen(new(from), new(x), new(to)));

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(128)]
    public void A_hash_has_the_first_bits_of_SHA_256(int bits)
    {
        // SHA-256("abc") begins with ba7816bf 8f01cfea 414140de 5dae2223 (FIPS 180-4, example).
        var first128 = new UInt128(0xba7816bf8f01cfea, 0x414140de5dae2223);

        Assert.Equal(new NodeId(first128 >> (128 - bits)), new RingSpace(bits).Hash("abc"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(129)]
    public void A_ring_has_3_to_128_bits(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => new RingSpace(bits));

    [Fact]
    public void An_id_is_shown_in_the_width_of_the_ring()
    {
        Assert.Equal("0e", new RingSpace(6).Format(new NodeId(14)));
        Assert.Equal(new string('0', 31) + "e", new RingSpace(128).Format(new NodeId(14)));
    }

    private static IEnumerable<(ulong From, ulong X, ulong To)> Triples(int bits)
    {
        var size = 1UL << bits;
        for (var from = 0UL; from < size; from++)
        {
            for (var x = 0UL; x < size; x++)
            {
                for (var to = 0UL; to < size; to++)
                {
                    yield return (from, x, to);
                }
            }
        }
    }

    /// <summary>The ids met on the way clockwise, both ends included; from a to a, all of them.</summary>
    private static HashSet<ulong> Walk(int bits, ulong from, ulong to)
    {
        HashSet<ulong> met = [from];
        var at = from;
        do
        {
            at = (at + 1) % (1UL << bits);
            met.Add(at);
        }
        while (at != to);
        return met;
    }
}
