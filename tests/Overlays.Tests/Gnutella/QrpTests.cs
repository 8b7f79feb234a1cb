using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class QrpTests
{
    [Theory]
    [InlineData("", 13, 0)]
    [InlineData("eb", 13, 6791)]
    [InlineData("ebc", 13, 7082)]
    [InlineData("ebck", 13, 6698)]
    [InlineData("ebckl", 13, 3179)]
    [InlineData("ebcklm", 13, 3235)]
    [InlineData("ebcklme", 13, 6438)]
    [InlineData("ebcklmen", 13, 1062)]
    [InlineData("ebcklmenq", 13, 3527)]
    [InlineData("n", 16, 65003)]
    public void Hash_has_the_published_values(string keyword, int bits, int expected) => Assert.Equal(expected, QrpHash.Of(keyword, bits));

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(8_192)]
    [InlineData(65_536)]
    [InlineData(QrpTable.LengthMax)]
    public void Table_sent_by_patches_passes_what_the_original_passes(int length)
    {
        var words = Words(seed: 1, count: 3_000);
        var table = QrpTable.Of(words, length);

        var copy = Received(table, new RouteTableReset(length, QrpTable.DefaultInfinity));

        Assert.All(words, word => Assert.True(copy.Passes([word])));
        Assert.All(Words(seed: 2, count: 3_000), word => Assert.Equal(table.Passes([word]), copy.Passes([word])));
    }

    [Fact]
    public void Table_of_12000_keywords_lets_at_most_a_fifth_of_other_words_pass()
    {
        var table = QrpTable.Of(Words(seed: 3, count: 12_000));

        Assert.InRange(Words(seed: 4, count: 10_000).Count(word => table.Passes([word])), 0, 2_000);
    }

    [Fact]
    public void Query_passes_only_when_all_its_words_hit()
    {
        var table = QrpTable.Of(["hey", "jude"]);

        Assert.True(table.Passes(["hey", "jude"]));
        Assert.False(table.Passes(["hey", "you"]));
        Assert.False(table.Passes([]));
    }

    [Fact]
    public void Everything_passes_between_a_reset_and_the_last_patch()
    {
        var copy = QrpTable.Begin(new RouteTableReset(65_536, 7))!;
        var patches = QrpTable.Of(["hey"]).PatchesFrom(new QrpTable());
        Assert.InRange(patches.Count, 2, 255);
        Assert.All(patches, patch => Assert.InRange(patch.Data.Length, 1, 4_096));

        foreach (var patch in patches)
        {
            Assert.True(copy.Passes(["jude"]));
            Assert.True(copy.Apply(patch));
        }

        Assert.False(copy.Passes(["jude"]));
        Assert.True(copy.Passes(["hey"]));
    }

    [Fact]
    public void Later_patches_add_words_and_take_words_out()
    {
        var first = QrpTable.Of(["hey", "jude"]);
        var copy = Received(first, new RouteTableReset(65_536, 7));

        foreach (var patch in QrpTable.Of(["hey", "you"]).PatchesFrom(first))
        {
            Assert.True(copy.Apply(patch));
        }

        Assert.True(copy.Passes(["hey", "you"]));
        Assert.False(copy.Passes(["jude"]));
    }

    [Theory]
    [InlineData(2, 3, 0, 4, 10)]
    [InlineData(0, 3, 0, 4, 10)]
    [InlineData(1, 0, 0, 4, 10)]
    [InlineData(1, 256, 0, 4, 10)]
    [InlineData(1, 3, 1, 4, 10)]
    [InlineData(1, 3, 0, 5, 10)]
    [InlineData(1, 3, 0, 4, 33)]
    [InlineData(1, 3, 0, 8, 65)]
    public void Patch_that_breaks_a_rule_is_refused(int number, int size, int compressor, int bits, int bytes) =>
        Assert.False(QrpTable.Begin(new RouteTableReset(64, 7))!.Apply(new RouteTablePatch(number, size, compressor, bits, new byte[bytes])));

    [Fact]
    public void Patch_out_of_order_is_refused()
    {
        var copy = QrpTable.Begin(new RouteTableReset(64, 7))!;

        Assert.True(copy.Apply(new RouteTablePatch(1, 3, 0, 8, new byte[8])));
        Assert.False(copy.Apply(new RouteTablePatch(3, 3, 0, 8, new byte[8])));
        Assert.False(copy.Apply(new RouteTablePatch(2, 4, 0, 8, new byte[8])));
        Assert.True(copy.Apply(new RouteTablePatch(2, 3, 0, 8, new byte[8])));
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(3, 7)]
    [InlineData(2 * QrpTable.LengthMax, 7)]
    [InlineData(64, 1)]
    [InlineData(64, 128)]
    public void Reset_that_breaks_a_rule_is_refused(int length, int infinity) =>
        Assert.Null(QrpTable.Begin(new RouteTableReset(length, infinity)));

    private static QrpTable Received(QrpTable table, RouteTableReset reset)
    {
        var copy = QrpTable.Begin(reset)!;
        Assert.All(table.PatchesFrom(new QrpTable(reset.TableLength, reset.Infinity)), patch => Assert.True(copy.Apply(patch)));
        return copy;
    }

    private static List<string> Words(ulong seed, int count)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count).Select(_ => $"{random.NextBits():x}")];
    }
}
