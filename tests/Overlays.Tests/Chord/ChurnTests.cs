using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Chord;

public sealed class ChurnTests
{
    private const int Peers = 12;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void After_a_crash_the_ring_closes_and_only_the_dead_peers_files_go(int seed)
    {
        var ring = Start(seed);
        var random = new SplitMix64((ulong)seed);
        ring.Network.Run(random.NextUnit() * TimeSpan.FromSeconds(20));

        ring.KillPeer("peer-5");

        ring.Settle(TimeSpan.FromSeconds(15));
        Assert.Superset(Songs(5), Found(ring, LookupMode.Recursive));
        ring.Network.Run(TimeSpan.FromSeconds(31));
        Assert.Equal(Songs(5), Found(ring, LookupMode.Recursive));
        Assert.Equal(Songs(5), Found(ring, LookupMode.Iterative));
    }

    [Theory]
    [InlineData(LookupMode.Recursive)]
    [InlineData(LookupMode.Iterative)]
    public void A_lookup_that_begins_when_the_owner_of_its_key_dies_finds_the_copies_before_its_deadline(LookupMode mode)
    {
        for (var seed = 71; seed < 76; seed++)
        {
            var ring = Start(seed);
            ring.Network.Model = ring.Network.Model with { DeadNodesAnswer = false };
            var (word, owner) = Enumerable.Range(0, Peers)
                .Select(number => (Word: $"number{number}", Owner: ring.OwnerOf(ring.Space.Hash($"number{number}")).Split('#')[0], Sharer: AppIds.Peer(number)))
                .Where(song => song.Owner != "peer-0" && song.Owner != song.Sharer)
                .Select(song => (song.Word, song.Owner)).First();
            ring.KillPeer(owner);

            var found = ring.Search("peer-0#0", word, mode);

            Assert.Equal((seed, SearchOutcome.Complete, 1), (seed, found.Outcome, found.Postings.Count));
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void Peers_that_leave_one_after_the_other_take_nobody_elses_files_with_them(int seed)
    {
        var ring = Start(seed);

        for (var leaving = Peers - 1; leaving >= 3; leaving--)
        {
            ring.LeavePeer(AppIds.Peer(leaving));
            Assert.Equal(Songs([.. Enumerable.Range(leaving, Peers - leaving)]), Found(ring, LookupMode.Recursive));
        }

        ring.Settle();
        Assert.Equal(Songs([.. Enumerable.Range(3, Peers - 3)]), Found(ring, LookupMode.Iterative));
    }

    [Fact]
    public void A_virtual_node_that_leaves_before_its_sibling_takes_nothing_with_it()
    {
        var ring = new Rings(42);
        ring.StartTogether(4, 8);
        ring.Share("peer-0#0", Words());
        var leaving = ring.Members.Select(name => ring.State(name)).First(state =>
            !state.Name.StartsWith("peer-0#", StringComparison.Ordinal) && state.Keys > 0
            && state.Successors[0].Name.Split('#')[0] == state.Name.Split('#')[0]);

        ring.Network.Ask(leaving.Name, new LeaveCommand());

        Assert.All(Words(), word => Assert.Single(ring.Search("peer-0#0", word.Name).Postings));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(44)]
    public void A_node_whose_successor_dies_while_it_takes_its_keys_over_never_says_that_they_are_missing(int seed)
    {
        var ring = new Rings((ulong)seed);
        ring.StartTogether(8);
        ring.Share("peer-0#0", Words());
        ring.StartPeer("peer-99");
        string? giver = null;
        ring.Network.Sending = (from, to, body) => giver ??= from.App == "peer-99" && body is HandOverRequest ? to.Name : null;
        Assert.True(ring.Network.RunUntil(() => giver is not null, TimeSpan.FromSeconds(5)));

        ring.Network.Kill(giver!);
        var found = new List<SearchResult>();
        foreach (var word in Words())
        {
            ring.Network.Post("peer-99#0", new SearchCommand(word.Name, 10), found.Add);
        }

        Assert.True(ring.Network.RunUntil(() => found.Count == Words().Length, TimeSpan.FromSeconds(10)));
        Assert.All(found, result => Assert.Single(result.Postings));
    }

    [Fact]
    public void A_peer_that_restarts_under_its_name_shares_its_files_again()
    {
        var ring = Start(41);
        ring.KillPeer("peer-5");
        ring.Network.Run(TimeSpan.FromMilliseconds(700));

        ring.StartPeer("peer-5", 4, incarnation: 2);
        ring.Share("peer-5#0", SongOf(5));

        ring.Settle();
        Assert.Equal(Songs(), Found(ring, LookupMode.Recursive));
    }

    [Fact]
    public void Without_BOOT_lookups_and_publication_go_on()
    {
        var ring = Start(51);
        ring.Network.Kill("bootstrap");
        ring.Network.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(Done.Yes, ring.Share("peer-1#0", Rings.File("song late.mp3")));

        Assert.Equal(Songs().Append("song late.mp3").ToHashSet(), Found(ring, LookupMode.Recursive));
    }

    [Fact]
    public void Nothing_piles_up_in_half_an_hour()
    {
        var ring = Start(61);
        ring.Network.Run(TimeSpan.FromMinutes(30));

        Assert.All(ring.Nodes, node => Assert.InRange(node.CallsUnderWay, 0, 32));
        Assert.Equal(Songs(), Found(ring, LookupMode.Recursive));
    }

    private static Rings Start(int seed)
    {
        var ring = new Rings((ulong)seed);
        ring.StartTogether(Peers, 4);
        for (var i = 0; i < Peers; i++)
        {
            Assert.Equal(Done.Yes, ring.Share($"peer-{i}#0", SongOf(i)));
        }

        return ring;
    }

    private static SharedFile[] Words() => [.. Enumerable.Range(0, 200).Select(i => Rings.File($"word{i}"))];

    private static SharedFile SongOf(int peer) => Rings.File($"song number{peer}.mp3");

    private static HashSet<string> Songs(params int[] without) =>
        [.. Enumerable.Range(0, Peers).Except(without).Select(i => SongOf(i).Name)];

    private static HashSet<string> Found(Rings ring, LookupMode mode)
    {
        var found = ring.Search("peer-0#0", "song", mode);
        Assert.Equal(SearchOutcome.Complete, found.Outcome);
        return [.. found.Postings.Select(posting => posting.Name)];
    }
}
