using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Chord;

public sealed class PostingTests
{
    [Theory]
    [InlineData(LookupMode.Recursive)]
    [InlineData(LookupMode.Iterative)]
    public void A_search_finds_what_has_all_words_wherever_their_keys_are(LookupMode mode)
    {
        var ring = new Rings(1);
        ring.StartTogether(16);
        ring.Share("peer-3#0", Rings.File("Hey Jude.mp3"), Rings.File("Hey Bulldog.mp3"));

        Assert.Equal("Hey Jude.mp3", Assert.Single(ring.Search("peer-9#0", "jude HEY", mode).Postings).Name);
        Assert.Equal(2, ring.Search("peer-9#0", "hey", mode).Postings.Count);
        Assert.Empty(ring.Search("peer-9#0", "hey yesterday", mode).Postings);
    }

    [Fact]
    public void Who_provides_a_content_is_found_by_its_id()
    {
        var ring = new Rings(2);
        ring.StartTogether(8);
        var file = Rings.File("song.mp3");
        ring.Share("peer-1#0", file);
        ring.Share("peer-2#0", file);

        var found = ring.Network.Ask("peer-7#0", new ProvidersCommand(file.ContentId));

        Assert.Equal(["peer-1", "peer-2"], found.Postings.Select(posting => posting.Peer));
    }

    [Fact]
    public void What_is_unshared_is_not_found_any_more()
    {
        var ring = new Rings(3);
        ring.StartTogether(8);
        ring.Share("peer-1#0", Rings.File("song.mp3"));

        ring.Network.Ask("peer-1#0", new UnshareCommand([Rings.File("song.mp3")]));

        Assert.Empty(ring.Search("peer-5#0", "song").Postings);
        ring.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Empty(ring.Search("peer-5#0", "song").Postings);
    }

    [Fact]
    public void Hundreds_of_files_are_published_in_seconds()
    {
        var ring = new Rings(4);
        ring.StartTogether(16, 4);
        var files = Enumerable.Range(0, 400).Select(i => Rings.File($"docs/chapter{i}/part{i % 7} number{i}.txt")).ToArray();
        var before = ring.Network.Now;

        Assert.Equal(Done.Yes, ring.Share("peer-3#0", files));

        Assert.InRange((ring.Network.Now - before).TotalSeconds, 0, 4);
        Assert.All(files.Where((_, i) => i % 20 == 0), file => Assert.Single(ring.Search("peer-8#0", file.Name).Postings));
    }

    [Fact]
    public void A_posting_outlives_its_lease_while_its_publisher_refreshes_it()
    {
        var ring = new Rings(5);
        ring.StartTogether(8);
        ring.Share("peer-1#0", Rings.File("song.mp3"));

        ring.Network.Run(TimeSpan.FromMinutes(3));

        Assert.Single(ring.Search("peer-5#0", "song").Postings);
    }

    [Fact]
    public void A_lease_longer_than_allowed_ends_with_the_longest_one()
    {
        var parameters = new ChordParameters { PostingLeaseMax = TimeSpan.FromMinutes(10) };
        var ring = new Rings(8, parameters);
        ring.StartTogether(4);
        ring.Add(new NodeRef("peer-9", 0), parameters with { PostingLease = TimeSpan.FromDays(10) });
        ring.Settle();
        ring.Share("peer-9#0", Rings.File("song.mp3"));
        ring.KillPeer("peer-9");
        ring.Network.Run(parameters.PostingLeaseMax - TimeSpan.FromMinutes(1));
        Assert.Single(ring.Search("peer-1#0", "song").Postings);

        ring.Network.Run(TimeSpan.FromMinutes(1));

        Assert.Empty(ring.Search("peer-1#0", "song").Postings);
    }

    [Fact]
    public void A_node_with_as_many_keys_as_it_may_have_takes_postings_under_these_only()
    {
        var ring = new Rings(9, new ChordParameters { PostingKeysMax = 3 });
        ring.StartTogether(1);
        ring.Share("peer-0#0", Rings.File("one.mp3"), Rings.File("two.mp3"));

        var keys = ring.State("peer-0#0").Keys;

        Assert.Equal(3, keys);
    }

    [Fact]
    public void Files_of_a_killed_peer_are_gone_within_the_lease_and_no_other_is_lost()
    {
        var ring = new Rings(6);
        ring.StartTogether(12, 2);
        for (var i = 0; i < 12; i++)
        {
            ring.Share($"peer-{i}#0", Rings.File($"song number{i}.mp3"));
        }

        ring.Network.Kill("peer-4#0");
        ring.Network.Kill("peer-4#1");
        ring.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Superset(Others(4), Found(ring));
        ring.Network.Run(TimeSpan.FromSeconds(26));

        Assert.Equal(Others(4), Found(ring));
    }

    [Fact]
    public void A_peer_that_leaves_takes_its_files_out_and_hands_the_others_postings_over()
    {
        var ring = new Rings(7);
        ring.StartTogether(12, 2);
        for (var i = 0; i < 12; i++)
        {
            ring.Share($"peer-{i}#0", Rings.File($"song number{i}.mp3"));
        }

        ring.Network.Ask("peer-4#0", new LeaveCommand());
        ring.Network.Ask("peer-4#1", new LeaveCommand());
        ring.Network.Kill("peer-4#0");
        ring.Network.Kill("peer-4#1");

        Assert.Equal(Others(4), Found(ring));
        ring.Settle();
        Assert.Equal(Others(4), Found(ring));
    }

    [Fact]
    public void A_joining_node_takes_exactly_the_keys_between_its_predecessor_and_itself()
    {
        var ring = new Rings(8);
        ring.StartTogether(8);
        ring.Share("peer-0#0", [.. Enumerable.Range(0, 100).Select(i => Rings.File($"word{i}"))]);
        List<StoredPosting>? taken = null;
        ring.Network.Observing = (node, effect) =>
        {
            if (effect is Effect.Respond { Body: HandOverReply reply })
            {
                taken = [.. taken ?? [], .. reply.Items];
            }
        };

        ring.StartPeer("peer-99");
        ring.Settle();

        var predecessor = ring.IdOf(ring.State("peer-99#0").Predecessor!.Name);
        var keys = Enumerable.Range(0, 100).SelectMany(i => new[] { ring.Space.Hash($"word{i}"), ring.Space.Hash(Rings.File($"word{i}").ContentId) });
        var expected = keys.Where(key => ring.Space.IsInHalfOpen(predecessor, key, ring.IdOf("peer-99#0"))).Distinct().Order();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, taken!.Select(item => item.Key).Distinct().Order());
    }

    [Fact]
    public void A_search_during_joins_never_misses_what_is_shared()
    {
        var ring = new Rings(9);
        ring.StartTogether(8);
        ring.Share("peer-0#0", [.. Enumerable.Range(0, 30).Select(i => Rings.File($"word{i}"))]);
        for (var i = 8; i < 40; i++)
        {
            ring.StartPeer(AppIds.Peer(i), delay: TimeSpan.FromMilliseconds(40 * i));
        }

        for (var i = 0; i < 200; i++)
        {
            var found = ring.Search($"peer-{i % 8}#0", $"word{i % 30}");
            Assert.True(found.Postings.Count == 1, $"search {i} at {ring.Network.Now} was {found.Outcome}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void What_is_published_while_the_ring_forms_is_found_when_it_has_formed(int seed)
    {
        var ring = new Rings((ulong)seed, new ChordParameters { SettleTime = TimeSpan.Zero });
        var published = 0;
        for (var i = 0; i < 16; i++)
        {
            ring.StartPeer(AppIds.Peer(i), 4);
            var files = Enumerable.Range(0, 40).Select(file => Rings.File($"song peer{i} number{file}.mp3")).ToList();
            ring.Network.Post($"peer-{i}#0", new ShareCommand(files), done => published += done.Ok ? 1 : 0);
        }

        Assert.True(ring.Network.RunUntil(() => published == 16, TimeSpan.FromSeconds(8)));
        ring.Settle(TimeSpan.FromSeconds(40));

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(40, ring.Search("peer-0#0", $"peer{i}").Postings.Count);
        }
    }

    [Fact]
    public void Each_posting_is_held_by_three_peers()
    {
        var ring = new Rings(10);
        ring.StartTogether(12, 3);
        ring.Share("peer-0#0", [.. Enumerable.Range(0, 50).Select(i => Rings.File($"word{i}"))]);
        ring.Network.Run(TimeSpan.FromSeconds(5));

        var states = ring.Members.Select(name => ring.State(name)).ToList();

        Assert.Equal(100, states.Sum(state => state.Keys));
        Assert.InRange(states.Sum(state => state.Replicas), 200, 230);
    }

    private static HashSet<string> Others(int without) =>
        [.. Enumerable.Range(0, 12).Where(i => i != without).Select(i => $"song number{i}.mp3")];

    private static HashSet<string> Found(Rings ring) => [.. ring.Search("peer-0#0", "song").Postings.Select(posting => posting.Name)];
}
