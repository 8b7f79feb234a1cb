using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Chord;

public sealed class RepublicationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_peer_that_comes_to_own_what_others_owned_publishes_there_itself(int seed)
    {
        var ring = new Rings((ulong)seed);
        ring.StartTogether(12);
        var files = Enumerable.Range(0, 200).Select(i => Rings.File($"word{i}")).ToArray();
        Assert.Equal(Done.Yes, ring.Share("peer-0#0", files));

        // The owners that peer-0 remembers leave one after the other, until it owns everything.
        for (var i = 1; i < 12; i++)
        {
            ring.LeavePeer($"peer-{i}");
            ring.Network.Run(TimeSpan.FromSeconds(12));
        }

        Assert.Equal(200, ring.Members.Count == 1 ? Enumerable.Range(0, 200).Sum(i => ring.Search("peer-0#0", $"word{i}").Postings.Count) : 0);
    }
}
