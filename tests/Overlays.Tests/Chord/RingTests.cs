using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Chord;

public sealed class RingTests
{
    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(2, 64, 1)]
    [InlineData(3, 16, 4)]
    [InlineData(4, 64, 4)]
    [InlineData(5, 2, 1)]
    [InlineData(6, 3, 2)]
    [InlineData(7, 9, 1)]
    public void Nodes_that_start_at_the_same_instant_form_one_ideal_ring(int seed, int peers, int virtualNodes)
    {
        var ring = new Rings((ulong)seed);

        ring.StartTogether(peers, virtualNodes);

        Assert.Equal(peers * virtualNodes, ring.Members.Count);
    }

    [Fact]
    public void A_node_alone_is_its_own_successor_and_finds_its_own_files()
    {
        var ring = new Rings(1);
        ring.StartTogether(1);

        Assert.Equal(Done.Yes, ring.Share("peer-0#0", Rings.File("hey jude.mp3")));

        Assert.Equal("peer-0#0", Assert.Single(ring.State("peer-0#0").Successors).Name);
        Assert.Single(ring.Search("peer-0#0", "jude").Postings);
    }

    [Fact]
    public void In_an_ideal_ring_nothing_changes_any_more()
    {
        var ring = new Rings(1);
        ring.StartTogether(16);
        var before = ring.Members.Select(name => ring.State(name) with { Fingers = [] }).ToList();

        ring.Network.Run(TimeSpan.FromSeconds(30));

        Assert.True(ring.IsIdeal());
        Assert.Equal(before.Select(state => state.Predecessor), ring.Members.Select(name => ring.State(name).Predecessor));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(64)]
    public void Fingers_are_the_successors_of_their_starts(int fingerBase)
    {
        var ring = new Rings(2, new ChordParameters { FingerBase = fingerBase });
        ring.StartTogether(32);
        ring.Network.Run(TimeSpan.FromMinutes(5));

        foreach (var name in ring.Members)
        {
            var successor = ring.State(name).Successors[0].Name;
            var expected = StartsOf(fingerBase)
                .Select(start => ring.OwnerOf(ring.Space.Add(ring.IdOf(name), start)))
                .Where(owner => owner != successor && owner != name)
                .Distinct();
            Assert.Equal(expected, ring.State(name).Fingers.Select(finger => finger.Name).Where(finger => finger != successor));
        }
    }

    /// <summary>j 2^128 / b^i for all digits j and levels i, nearest first; the last level has the bits that are left.</summary>
    private static SortedSet<UInt128> StartsOf(int fingerBase)
    {
        var digit = System.Numerics.BitOperations.Log2((uint)fingerBase);
        var starts = new SortedSet<UInt128>();
        for (var low = 128 - digit; low > -digit; low -= digit)
        {
            for (var j = 1; j < fingerBase; j++)
            {
                starts.Add(low >= 0 ? (UInt128)j << low : (UInt128)j >> -low);
            }
        }

        starts.Remove(UInt128.Zero);
        return starts;
    }

    [Theory]
    [InlineData(LookupMode.Recursive)]
    [InlineData(LookupMode.Iterative)]
    public void A_lookup_ends_at_the_first_live_id_at_or_after_the_key(LookupMode mode)
    {
        var ring = new Rings(3);
        ring.StartTogether(24, 2);

        for (var i = 0; i < 100; i++)
        {
            var from = ring.Members[i % ring.Members.Count];
            var found = ring.Search(from, $"word{i}", mode);
            Assert.Equal(SearchOutcome.Complete, found.Outcome);
            Assert.Equal(ring.OwnerOf(ring.Space.Hash($"word{i}")), Rings.Chain(found).LastOrDefault(from));
        }
    }

    [Fact]
    public void Paths_are_about_half_of_log_N_long()
    {
        var ring = new Rings(4, new ChordParameters { FingerBase = 2, OwnerCacheSize = 0, GuessesOwners = false });
        ring.StartTogether(128);
        ring.Network.Run(TimeSpan.FromSeconds(60));

        var forwards = Enumerable.Range(0, 300).Average(i =>
            Math.Max(0, Rings.Chain(ring.Search(ring.Members[i % 128], $"word{i}")).Count - 1));

        // Forwards to the key's predecessor: at most the paper's 1/2 log2 N; the successor list saves up to 1/2 log2 r of them.
        Assert.InRange(forwards, (0.5 * Math.Log2(128)) - (0.5 * Math.Log2(8)) - 0.5, (0.5 * Math.Log2(128)) + 0.3);
    }

    [Fact]
    public void A_recursive_lookup_costs_its_hops_and_the_answer_and_an_iterative_one_twice_its_hops()
    {
        var ring = new Rings(5);
        ring.StartTogether(32);

        var recursive = ring.Search("peer-0#0", "jude");
        var iterative = ring.Search("peer-0#0", "jude", LookupMode.Iterative);

        Assert.Equal(Rings.Chain(recursive).Count + 1, recursive.Messages);
        Assert.Equal(Rings.Chain(iterative).Count * 2, iterative.Messages);
    }

    [Fact]
    public void Every_step_of_a_lookup_comes_nearer_to_the_key()
    {
        var ring = new Rings(6, new ChordParameters { OwnerCacheSize = 0 });
        ring.StartTogether(64);

        for (var i = 0; i < 50; i++)
        {
            var key = ring.Space.Hash($"word{i}");
            var path = Rings.Chain(ring.Search("peer-1#0", $"word{i}"));
            var distances = path.SkipLast(1).Select(name => ring.Space.Distance(ring.IdOf(name), key)).ToList();
            Assert.Equal(distances.OrderDescending(), distances);
        }
    }

    [Fact]
    public void A_killed_node_is_passed_by_and_the_ring_closes()
    {
        var ring = new Rings(7);
        ring.StartTogether(16);

        ring.Network.Kill("peer-5#0");

        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(SearchOutcome.Complete, ring.Search("peer-0#0", $"word{i}").Outcome));
        ring.Settle();
    }

    /// <summary>While it is not, it answers nothing by quorum, and what it says otherwise may be old.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_peer_that_was_cut_off_with_its_virtual_nodes_finds_the_ring_within_3_s_after_it_is_back(int seed)
    {
        var ring = new Rings((ulong)seed);
        ring.StartTogether(8, virtualNodes: 2);

        var cutOff = ring.CutOff("peer-6");
        ring.Network.Run(TimeSpan.FromSeconds(60));
        ring.Network.Heal();
        ring.Network.Run(TimeSpan.FromSeconds(3));

        Assert.All(cutOff, name => Assert.DoesNotContain(ring.State(name).Predecessor!.Name, cutOff));
    }

    [Fact]
    public void With_full_routing_an_owner_of_before_does_not_hide_a_node_that_has_joined_since()
    {
        var ring = new Rings(9, new ChordParameters { Routing = Routing.Full, SuccessorListLength = 2 });
        ring.StartTogether(32);
        ring.Network.Run(TimeSpan.FromMinutes(5));
        var asker = ring.Members[0];
        var key = ring.IdOf(ring.Members[15]);
        ring.Network.Ask(asker, new LookUpCommand(new NodeId(key.Value - 1)));
        var joiner = Enumerable.Range(100, 100_000).Select(AppIds.Peer)
            .First(app => ring.Space.IsBetween(ring.IdOf(ring.Members[14]), ring.IdOf($"{app}#0"), key));
        ring.StartPeer(joiner);
        ring.Settle();
        ring.Network.Run(TimeSpan.FromSeconds(20));

        var found = ring.Network.Ask(asker, new LookUpCommand(ring.IdOf($"{joiner}#0")));

        Assert.Equal(joiner, found.Owner!.Node.App);
        Assert.Single(found.Path);
    }

    [Fact]
    public void A_contact_whose_id_is_not_the_hash_of_its_name_is_refused_and_counted()
    {
        var ring = new Rings(8);
        ring.StartTogether(4);
        var liar = new ChordContact(new NodeId(42), new NodeRef("peer-9", 0));
        var node = new ChordNode(
            new NodeRef("peer-0", 0), new SplitMix64(1), new() { Bootstrap = new NodeRef("bootstrap"), Incarnation = 1 }, new ChordParameters(), []);
        var effects = new List<Effect>();

        node.Handle(new Input.Request(1, liar.Node, default, new NotifyRequest(liar)), default, effects);
        node.Handle(new Input.Command(2, new ChordStatusCommand()), default, effects);

        Assert.Equal(1, effects.OfType<Effect.Complete>().Select(effect => (ChordStatus)effect.Result).Single().RefusedContacts);
    }
}
