using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>Reads of a key while those that hold it do not answer: what nobody could say is not missing.</summary>
public sealed class MissingKeyTests
{
    private const string Key = "key";

    private readonly Rings _ring = new(seed: 3);
    private readonly List<string> _order;
    private readonly string _asker;

    public MissingKeyTests()
    {
        _ring.StartTogether(16);
        var members = _ring.Members.ToList();
        var first = members.IndexOf(_ring.OwnerOf(_ring.Space.Hash(Key)));
        _order = [.. members.Skip(first), .. members.Take(first)];
        _asker = _order[10];
    }

    [Fact]
    public void A_key_whose_last_holder_hangs_is_not_called_missing()
    {
        Put();
        _ring.Network.Kill(_order[0]);
        _ring.Network.Kill(_order[2]);
        _ring.Network.Pause(_order[1]);

        var outcomes = ReadFor(TimeSpan.FromSeconds(10));
        _ring.Network.Resume(_order[1]);
        _ring.Network.Run(TimeSpan.FromSeconds(20));

        Assert.DoesNotContain(KeyOutcome.NotFound, outcomes);
        Assert.Equal(KeyOutcome.Ok, Get().Outcome);
    }

    [Fact]
    public void A_key_whose_one_holder_is_slow_after_the_owner_died_is_not_called_missing()
    {
        // The owner has its majority with the second copy; the first one did not come.
        _ring.Network.Cut(new HashSet<string> { _order[0] }, new HashSet<string> { _order[1] });
        Put();
        _ring.Network.Heal();
        _ring.Network.Kill(_order[0]);
        _ring.Network.Pause(_order[2]);

        var outcomes = ReadFor(TimeSpan.FromSeconds(10));
        _ring.Network.Resume(_order[2]);
        _ring.Network.Run(TimeSpan.FromSeconds(20));

        Assert.DoesNotContain(KeyOutcome.NotFound, outcomes);
        Assert.Equal(KeyOutcome.Ok, Get().Outcome);
    }

    [Fact]
    public void A_key_that_nobody_wrote_is_missing_again_some_time_after_a_node_died()
    {
        _ring.Network.Kill(_order[0]);
        _ring.Network.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(KeyOutcome.NotFound, Get().Outcome);
    }

    [Fact]
    public void A_key_that_nobody_wrote_is_missing_at_once_when_its_owner_has_left()
    {
        _ring.LeavePeer(_order[0].Split('#')[0]);
        _ring.Network.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(KeyOutcome.NotFound, Get().Outcome);
    }

    [Fact]
    public void A_put_that_wants_the_key_to_be_absent_waits_while_its_last_holder_hangs()
    {
        Put();
        _ring.Network.Kill(_order[0]);
        _ring.Network.Kill(_order[2]);
        _ring.Network.Pause(_order[1]);
        _ring.Network.Run(TimeSpan.FromSeconds(6));

        var put = _ring.Network.Ask(
            _asker, new PutKeyCommand(Key, [2], null, new KeyCondition(IfAbsent: true), Consistency.Quorum), TimeSpan.FromSeconds(20));

        Assert.NotEqual(KeyOutcome.Ok, put.Outcome);
    }

    private void Put() => Assert.Equal(
        KeyOutcome.Ok, _ring.Network.Ask(_asker, new PutKeyCommand(Key, [1], null, KeyCondition.None, Consistency.Quorum)).Outcome);

    private KeyResult Get() => _ring.Network.Ask(_asker, new GetKeyCommand(Key, Consistency.Quorum), TimeSpan.FromSeconds(20));

    /// <summary>Begins a read each 200 ms; those that have ended.</summary>
    private List<KeyOutcome> ReadFor(TimeSpan time)
    {
        var outcomes = new List<KeyOutcome>();
        for (var end = _ring.Network.Now + time; _ring.Network.Now < end; _ring.Network.Run(TimeSpan.FromMilliseconds(200)))
        {
            _ring.Network.Post(_asker, new GetKeyCommand(Key, Consistency.Quorum), result => outcomes.Add(result.Outcome));
        }

        return outcomes;
    }
}
