using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>What keys are by quorum while peers are cut off from most others, and after they are back.</summary>
public sealed class PartitionTests
{
    private const int Peers = 8;

    private static readonly IReadOnlyList<string> Keys = [.. Enumerable.Range(0, 40).Select(number => $"key-{number}")];
    private static readonly IReadOnlyList<KeyOutcome> Refusals = [KeyOutcome.Unavailable, KeyOutcome.Uncertain];
    private static readonly TimeSpan OperationLimit = TimeSpan.FromSeconds(20);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8), 15, 283];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_of_eight_peers_that_were_cut_off_never_say_what_was_overwritten_meanwhile(int seed)
    {
        var ring = Started(seed);
        PutAll(ring, "peer-0#0", 1);
        ring.CutOff("peer-3", "peer-6");
        ring.Network.Run(TimeSpan.FromSeconds(30));
        PutAll(ring, "peer-0#0", 2);

        var read = new List<(string Key, KeyResult Result)>();
        ReadFor(ring, TimeSpan.FromSeconds(10), read);
        ring.Network.Heal();
        ReadFor(ring, TimeSpan.FromSeconds(30), read);
        ring.Network.Run(OperationLimit);

        Assert.DoesNotContain(read, one => one.Result.Outcome is KeyOutcome.NotFound);
        Assert.All(read.Where(one => one.Result.Outcome is KeyOutcome.Ok), one => Assert.Equal([2], one.Result.Value!));
        Assert.All(Keys, key => Assert.Equal([2], Get(ring, "peer-3#0", key).Value!));
    }

    [Fact]
    public void Peers_that_are_cut_off_from_most_say_that_they_refuse_quorums_until_they_are_back()
    {
        var ring = Started(1);
        ring.CutOff("peer-3", "peer-6");
        ring.Network.Run(TimeSpan.FromSeconds(20));
        string[] cutOff = [.. Enumerable.Range(0, Peers).Select(number => $"peer-{number}#0").Where(name => ring.State(name).RefusesQuorum)];

        ring.Network.Heal();
        ring.Network.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(["peer-3#0", "peer-6#0"], cutOff);
        Assert.All(Enumerable.Range(0, Peers), number => Assert.False(ring.State($"peer-{number}#0").RefusesQuorum));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_overwritten_from_the_first_moment_on_is_not_read_at_two_of_eight_peers_that_have_just_been_cut_off(int seed)
    {
        var ring = Started(seed);
        PutAll(ring, "peer-0#0", 1);
        ring.CutOff("peer-3", "peer-6");
        var written = new Dictionary<string, DateTimeOffset>();
        var stale = new List<string>();
        foreach (var key in Keys)
        {
            ring.Network.Post("peer-0#0", new PutKeyCommand(key, [2], null, KeyCondition.None, Consistency.Quorum), result =>
            {
                if (result.Outcome is KeyOutcome.Ok)
                {
                    written[key] = ring.Network.Now;
                }
            });
        }

        for (var round = 0; round < 2000; round++)
        {
            var key = Keys[round % Keys.Count];
            var begun = ring.Network.Now;
            ring.Network.Post(round / Keys.Count % 2 == 0 ? "peer-3#0" : "peer-6#1", new GetKeyCommand(key, Consistency.Quorum), result =>
            {
                if (result.Outcome is KeyOutcome.Ok && result.Value is [1] && written.TryGetValue(key, out var at) && at < begun)
                {
                    stale.Add($"{key}, written at {at:ss.fff}, read from {begun:ss.fff} to {ring.Network.Now:ss.fff}");
                }
            });
            ring.Network.Run(TimeSpan.FromMilliseconds(5));
        }

        Assert.Empty(stale);
    }

    [Fact]
    public void Two_of_eight_peers_that_are_cut_off_acknowledge_no_write()
    {
        var ring = Started(1);
        ring.CutOff("peer-3", "peer-6");
        ring.Network.Run(TimeSpan.FromSeconds(10));

        Assert.All(Keys, key => Assert.Contains(Put(ring, "peer-3#1", key, 1).Outcome, Refusals));
        Assert.All(Keys, key => Assert.Equal(KeyOutcome.NotFound, Get(ring, "peer-0#0", key).Outcome));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 5)]
    public void Peers_of_which_most_died_go_on_when_the_leases_of_the_dead_have_ended(int peers, int killed)
    {
        var ring = Started(1, peers);
        for (var i = 1; i <= killed; i++)
        {
            ring.KillPeer(AppIds.Peer(i));
        }

        ring.Network.Run(TimeSpan.FromSeconds(35));

        Assert.All(Keys, key => Assert.Equal(KeyOutcome.Ok, Put(ring, "peer-0#0", key, 1).Outcome));
    }

    [Fact]
    public void Peers_of_which_most_took_their_leave_go_on_at_once()
    {
        var ring = Started(1);
        PutAll(ring, "peer-0#0", 1);
        for (var i = 2; i < Peers; i++)
        {
            ring.LeavePeer(AppIds.Peer(i));
        }

        Assert.All(Keys, key => Assert.Equal([1], Get(ring, "peer-0#0", key).Value!));
    }

    [Fact]
    public void A_node_that_is_not_told_of_most_peers_now_and_then_acknowledges_its_writes_when_they_have_answered()
    {
        var ring = new Rings(1);
        ring.StartTogether(Peers);
        var owner = ring.OwnerOf(ring.Space.Hash(Keys[0]));
        var told = 0;
        ring.Network.SetTampering(ring.State(owner).Successors[0].Name, reply => reply is StateReply state && ++told % 2 == 0
            ? state with { Successors = [.. state.Successors.Take(1)] }
            : reply);

        var outcomes = new List<KeyOutcome>();
        for (var round = 0; round < 1000; round++)
        {
            ring.Network.Post(owner, new PutKeyCommand(Keys[0], [1], null, KeyCondition.None, Consistency.Quorum), result => outcomes.Add(result.Outcome));
            ring.Network.Run(TimeSpan.FromMilliseconds(5));
        }

        ring.Network.Run(OperationLimit);
        Assert.Equal(1000, outcomes.Count);
        Assert.DoesNotContain(KeyOutcome.Uncertain, outcomes);
    }

    [Fact]
    public void Most_peers_go_on_while_BOOT_is_down()
    {
        var ring = Started(1);
        ring.Network.Pause("bootstrap");
        ring.KillPeer("peer-3");
        ring.KillPeer("peer-6");
        ring.Network.Run(TimeSpan.FromSeconds(10));

        PutAll(ring, "peer-0#0", 1);
    }

    private static Rings Started(int seed, int peers = Peers)
    {
        var ring = new Rings((ulong)seed);
        ring.StartTogether(peers, virtualNodes: 2);
        return ring;
    }

    /// <summary>Begins a read at a peer that is or was cut off every 100 ms, one key after the other.</summary>
    private static void ReadFor(Rings ring, TimeSpan time, List<(string Key, KeyResult Result)> into)
    {
        var end = ring.Network.Now + time;
        for (var round = 0; ring.Network.Now < end; round++)
        {
            var key = Keys[round % Keys.Count];
            var asker = round % 2 == 0 ? "peer-3#0" : "peer-6#1";
            ring.Network.Post(asker, new GetKeyCommand(key, Consistency.Quorum), result => into.Add((key, result)));
            ring.Network.Run(TimeSpan.FromMilliseconds(100));
        }
    }

    private static void PutAll(Rings ring, string asker, byte value) =>
        Assert.All(Keys, key => Assert.Equal(KeyOutcome.Ok, Put(ring, asker, key, value).Outcome));

    private static KeyResult Put(Rings ring, string asker, string key, byte value) =>
        ring.Network.Ask(asker, new PutKeyCommand(key, [value], null, KeyCondition.None, Consistency.Quorum), OperationLimit);

    private static KeyResult Get(Rings ring, string asker, string key) =>
        ring.Network.Ask(asker, new GetKeyCommand(key, Consistency.Quorum), OperationLimit);
}
