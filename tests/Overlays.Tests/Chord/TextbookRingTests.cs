using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>The ring of the Chord papers' figures: m = 6, nodes 1, 8, 14, 21, 32, 38, 42, 48, 51, 56.</summary>
public sealed class TextbookRingTests
{
    private static readonly int[] Nodes = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56];

    private readonly Rings _ring = new(1, new ChordParameters
    {
        Bits = 6,
        SuccessorListLength = 1,
        FingerBase = 2,
        OwnerCacheSize = 0,
        Replication = 1,
        IdOf = node => new NodeId(UInt128.Parse(node.App.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)),
    });

    public TextbookRingTests()
    {
        foreach (var id in Nodes)
        {
            _ring.StartPeer($"n{id}");
        }

        _ring.Settle();
        _ring.Network.Run(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(10, 14)]
    [InlineData(24, 32)]
    [InlineData(30, 32)]
    [InlineData(38, 38)]
    [InlineData(54, 56)]
    public void Keys_belong_to_their_successors(int key, int owner)
    {
        var word = WordOf(key);

        Assert.Equal($"n{owner}#0", Rings.Chain(_ring.Search("n1#0", word))[^1]);
    }

    [Fact]
    public void The_fingers_of_8_are_14_21_32_and_42() =>
        Assert.Equal(["n14#0", "n21#0", "n32#0", "n42#0"], _ring.State("n8#0").Fingers.Select(finger => finger.Name).Prepend(_ring.State("n8#0").Successors[0].Name).Distinct());

    [Fact]
    public void The_lookup_of_54_from_8_goes_over_42_and_51_to_56() =>
        Assert.Equal(["n42#0", "n51#0", "n56#0"], Rings.Chain(_ring.Search("n8#0", WordOf(54))));

    [Fact]
    public void Node_26_joins_and_takes_key_24_from_32()
    {
        _ring.Share("n1#0", Rings.File(WordOf(24)), Rings.File(WordOf(30)));
        _ring.StartPeer("n26");
        _ring.Settle();

        Assert.Equal("n26#0", Rings.Chain(_ring.Search("n8#0", WordOf(24)))[^1]);
        Assert.Equal("n32#0", Rings.Chain(_ring.Search("n8#0", WordOf(30)))[^1]);
        Assert.Single(_ring.Search("n8#0", WordOf(24)).Postings);
    }

    /// <summary>A word whose key is the given one.</summary>
    private string WordOf(int key)
    {
        for (var i = 0; ; i++)
        {
            if (_ring.Space.Hash($"w{i}").Value == (uint)key)
            {
                return $"w{i}";
            }
        }
    }
}
