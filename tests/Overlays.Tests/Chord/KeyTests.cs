using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>Writes whose requests come late or twice, or from nodes whose clock is wrong.</summary>
public sealed class KeyTests
{
    private const string Key = "key";

    private readonly Rings _ring = new(seed: 1);
    private readonly string _owner;
    private readonly string _asker;

    public static TheoryData<int> Delays => [.. Enumerable.Range(0, 20).Select(step => step * 10)];

    public KeyTests()
    {
        _ring.StartTogether(8);
        _owner = _ring.OwnerOf(_ring.Space.Hash(Key));

        // The owner's predecessor, which holds no copy.
        _asker = _ring.Members[(_ring.Members.ToList().IndexOf(_owner) + 7) % 8];
    }

    [Fact]
    public void A_delete_that_a_paused_owner_carries_out_late_does_not_undo_a_later_put()
    {
        _ring.Network.Sending = (_, to, request) =>
        {
            if (to.Name == _owner && request is KeyWriteRequest)
            {
                _ring.Network.Pause(_owner);
            }
        };
        var deleted = _ring.Network.Ask(_asker, new DeleteKeyCommand(Key, KeyCondition.None, Consistency.Quorum));
        var put = Put(_asker, 1);
        Assert.Equal((KeyOutcome.Ok, KeyOutcome.Ok), (deleted.Outcome, put.Outcome));

        _ring.Network.Sending = null;
        _ring.Network.Resume(_owner);
        _ring.Settle();
        _ring.Network.Run(TimeSpan.FromMinutes(2));

        var read = Get();
        Assert.Equal((KeyOutcome.Ok, put.Version), (read.Outcome, read.Version));
    }

    [Fact]
    public void Keys_that_a_node_kept_in_a_ring_of_another_width_are_there_after_its_restart()
    {
        var ring = new Rings(seed: 2);
        var before = new RingSpace(ring.Space.Bits / 2).Hash(Key);

        ring.Add(new NodeRef("peer-0", 0), new ChordParameters(), new KeyRecord(before, Key, new KeyVersion(1, "peer-0#0"), [7]));
        ring.Settle();

        Assert.Equal([7], ring.Network.Ask("peer-0#0", new GetKeyCommand(Key, Consistency.Quorum)).Value!);
    }

    [Fact]
    public void A_conditional_put_that_an_owner_carried_out_before_it_died_is_acknowledged_by_the_next_one()
    {
        _ring.Network.Sending = (from, _, request) =>
        {
            if (from.Name == _owner && request is KeyCopyRequest)
            {
                _ring.Network.Cut(new HashSet<string> { _owner }, new HashSet<string> { _asker });
            }
        };
        KeyResult? put = null;
        _ring.Network.Post(
            _asker, new PutKeyCommand(Key, [1], null, new KeyCondition(IfAbsent: true), Consistency.Quorum), result => put = result);
        _ring.Network.Run(TimeSpan.FromSeconds(1));
        _ring.Network.Kill(_owner);
        _ring.Network.Run(TimeSpan.FromSeconds(10));

        Assert.Equal(KeyOutcome.Ok, put!.Outcome);
        Assert.NotEqual(_owner, put.Owner);
        Assert.Equal(put.Version, Get().Version);
    }

    [Fact]
    public void A_node_whose_clock_is_behind_writes_after_the_current_version()
    {
        _ring.Network.SetClockSkew(_asker, TimeSpan.FromMinutes(-1));
        _ring.Network.Run(TimeSpan.FromSeconds(10));
        var first = Put(_ring.Members.First(name => name != _owner && name != _asker), 1);

        var second = Put(_asker, 2);

        Assert.Equal(KeyOutcome.Ok, second.Outcome);
        Assert.True(second.Version! > first.Version!, $"{second.Version} is not after {first.Version}");
        Assert.Equal([2], Get().Value);
    }

    [Fact]
    public void A_node_that_has_started_again_gives_no_version_of_its_earlier_life_although_the_clock_of_another_is_ahead()
    {
        var sameOwner = Enumerable.Range(0, 1000).Select(number => $"{Key}-{number}").Where(key => _ring.OwnerOf(_ring.Space.Hash(key)) == _owner).ToList();
        var ahead = _ring.Members.First(name => name != _owner && name != _asker);
        _ring.Network.SetClockSkew(ahead, TimeSpan.FromMinutes(5));
        Put(ahead, 1);
        Get();
        var before = Put(_asker, 2, sameOwner[0]);
        _ring.KillPeer(_asker.Split('#')[0]);
        _ring.Settle();
        _ring.StartPeer(_asker.Split('#')[0], incarnation: 2);
        _ring.Settle();

        Get();
        var after = Put(_asker, 3, sameOwner[1]);

        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal([3], Get(sameOwner[1]).Value);
    }

    [Theory]
    [MemberData(nameof(Delays))]
    public void A_joiner_whose_giver_never_had_the_keys_of_an_owner_that_has_just_died_finds_them(int delayMs)
    {
        Put(_asker, 1);
        var next = _ring.Members[(_ring.Members.ToList().IndexOf(_owner) + 1) % 8];
        var giver = JoinerBetween(_owner, next);
        var joiner = JoinerBetween(_owner, $"{giver}#0");
        _ring.StartPeer(giver);
        _ring.Network.Run(TimeSpan.FromMilliseconds(delayMs));
        _ring.Network.Kill(_owner);
        _ring.StartPeer(joiner);

        var outcomes = new HashSet<KeyOutcome>();
        for (var i = 0; i < 100; i++)
        {
            _ring.Network.Run(TimeSpan.FromMilliseconds(50));
            _ring.Network.Post(_asker, new GetKeyCommand(Key, Consistency.One), result => outcomes.Add(result.Outcome));
        }

        _ring.Network.Run(TimeSpan.FromSeconds(20));
        Assert.Contains(KeyOutcome.Ok, outcomes);
        Assert.DoesNotContain(KeyOutcome.NotFound, outcomes);
    }

    private string JoinerBetween(string from, string to) => Enumerable.Range(100, 100_000).Select(AppIds.Peer)
        .First(app => _ring.Space.IsBetween(_ring.IdOf(from), _ring.IdOf($"{app}#0"), _ring.IdOf(to)));

    private KeyResult Put(string asker, byte value, string key = Key) =>
        _ring.Network.Ask(asker, new PutKeyCommand(key, [value], null, KeyCondition.None, Consistency.Quorum));

    private KeyResult Get(string key = Key) => _ring.Network.Ask(_asker, new GetKeyCommand(key, Consistency.Quorum));
}
