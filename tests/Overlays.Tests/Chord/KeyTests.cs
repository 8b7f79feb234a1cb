using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>Keys whose requests come late or twice.</summary>
public sealed class KeyTests
{
    private const string Key = "key";

    [Fact]
    public void A_delete_that_a_paused_owner_carries_out_late_does_not_undo_a_later_put()
    {
        var ring = new Rings(seed: 1);
        ring.StartTogether(8);
        var owner = ring.OwnerOf(ring.Space.Hash(Key));
        var asker = ring.Members.First(name => name != owner);
        ring.Network.Sending = (_, to, request) =>
        {
            if (to.Name == owner && request is KeyWriteRequest)
            {
                ring.Network.Pause(owner);
            }
        };
        var deleted = ring.Network.Ask(asker, new DeleteKeyCommand(Key, KeyCondition.None, Consistency.Quorum));
        var put = ring.Network.Ask(asker, new PutKeyCommand(Key, [1], null, KeyCondition.None, Consistency.Quorum));
        Assert.Equal((KeyOutcome.Ok, KeyOutcome.Ok), (deleted.Outcome, put.Outcome));

        ring.Network.Sending = null;
        ring.Network.Resume(owner);
        ring.Settle();
        ring.Network.Run(TimeSpan.FromMinutes(2));

        var read = ring.Network.Ask(asker, new GetKeyCommand(Key, Consistency.Quorum));
        Assert.Equal((KeyOutcome.Ok, put.Version), (read.Outcome, read.Version));
    }
}
