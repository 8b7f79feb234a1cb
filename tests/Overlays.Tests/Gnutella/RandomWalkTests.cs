using System.Text.Json;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class RandomWalkTests
{
    private const int Servents = 24;
    private static readonly WalkParameters Bounds = new() { Walkers = 5, StepsMax = 18 };

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(100, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Walkers_that_find_nothing_make_all_their_steps_and_check_every_fourth(ulong seed)
    {
        var walk = Run(seed);

        Assert.Equal(SearchOutcome.Complete, walk.Result.Outcome);
        Assert.Equal(Bounds.Walkers * Bounds.StepsMax, walk.Steps.Count);
        var first = walk.Checks.Where(sent => sent.Hops == 0).ToList();
        Assert.InRange(first.Count, 1, Bounds.Walkers * ((Bounds.StepsMax / Bounds.CheckEvery) + 1));
        Assert.Equal(Bounds.Walkers * Bounds.StepsMax, walk.Checks.Where(sent => sent.Hops == 0).Sum(sent => sent.Trail.Count) + walk.Absorbed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Walkers_that_find_something_stop_within_four_steps_and_the_cost_is_all_that_was_sent(ulong seed)
    {
        var walk = Run(seed, "peer-3", "peer-11", "peer-19");

        Assert.InRange(walk.Steps.Count, 1, Bounds.Walkers * Bounds.StepsMax);
        Assert.Equal(walk.Steps.Count + (2 * walk.Checks.Count) + walk.Hits.Count, walk.Result.Messages);
        var reached = Sample.Flatten(walk.Result.Hops).Select(hop => hop.To).ToHashSet();
        Assert.Equal(
            reached.Intersect(["peer-3", "peer-11", "peer-19"]).Order(), walk.Result.Postings.Select(posting => posting.Peer).Order());
        Assert.Equal(walk.Steps.Count, Sample.Flatten(walk.Result.Hops).Count());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_message_of_a_walk_names_its_origin_and_ttl_plus_hops_is_constant(ulong seed)
    {
        var walk = Run(seed, "peer-7");

        Assert.All(walk.Steps, sent => Assert.Equal(Bounds.StepsMax, sent.Ttl + sent.Hops));
        Assert.All(
            walk.Steps.Select(sent => JsonSerializer.Serialize(sent)).Concat(walk.Checks.Select(sent => JsonSerializer.Serialize(sent))),
            json => Assert.DoesNotContain("\"peer-0\"", json, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Walker_does_not_go_back_unless_there_is_no_other_way(ulong seed)
    {
        var cloud = Cloud(seed);
        var links = cloud.Links();
        var walk = Run(cloud);

        foreach (var hop in Sample.Flatten(walk.Result.Hops))
        {
            Assert.All(hop.Children ?? [], next => Assert.True(next.To != hop.From || links[hop.To].Count == 1, $"{hop.From} {hop.To} {next.To}"));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Node_answers_once_however_many_walkers_come(ulong seed)
    {
        var walk = Run(seed, [.. Enumerable.Range(1, Servents - 1).Select(AppIds.Peer)]);

        Assert.Equal(walk.Result.Postings.Count, walk.Result.Postings.Distinct().Count());
        Assert.Equal(walk.Hits.Count(hit => hit.Hops == 0), walk.Result.Postings.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Walker_goes_on_past_a_dead_neighbour(ulong seed)
    {
        var cloud = Cloud(seed);
        var dead = cloud.Status("peer-0").Links[0].Name;
        cloud.Kill(dead);

        var walk = Run(cloud);

        var tried = Sample.Flatten(walk.Result.Hops).Where(hop => hop.To == dead && hop.Outcome == HopOutcomes.Unreachable).ToList();
        Assert.NotEmpty(tried);
        Assert.All(Sample.Flatten(walk.Result.Hops).Where(hop => hop.To == dead), hop => Assert.NotNull(hop.Outcome));
        Assert.All(tried, hop => Assert.DoesNotContain(cloud.Status(hop.From).Links, link => link.Name == dead));
    }

    [Fact]
    public void Walkers_that_die_with_their_node_make_the_result_partial()
    {
        var cloud = Cloud(200);
        var victims = cloud.Names.Skip(1).ToList();
        cloud.Network.Sending = (_, _, body) =>
        {
            if (body is WalkCheckRequest)
            {
                victims.ForEach(cloud.Network.Pause);
            }
        };

        Assert.Equal(SearchOutcome.Partial, cloud.Search("peer-0", "song", LookupMode.RandomWalk).Outcome);
    }

    [Fact]
    public void Servent_alone_walks_nowhere_and_finds_its_own_files()
    {
        var cloud = ServentCloud.Joined(201, 1);
        cloud.Share("peer-0", "song");

        var result = cloud.Search("peer-0", "song", LookupMode.RandomWalk);

        Assert.Equal((SearchOutcome.Complete, 0, 0), (result.Outcome, result.Messages, result.Hops.Count));
        Assert.Single(result.Postings);
    }

    [Fact]
    public void Walker_of_an_unknown_walk_that_asks_is_told_to_stop()
    {
        var cloud = ServentCloud.Joined(202, 2);
        cloud.Network.Add(new Stranger(new NodeRef("stranger")));
        var check = new WalkCheckRequest(DescriptorId.FromRandomBits(1, 2), 0, 0, false, 0, []);

        Assert.False(cloud.Network.Ask("stranger", new Stranger.Say<WalkCheckReply>(Common.Cloud.Peer(0), check)).Continue);
    }

    private static ServentCloud Cloud(ulong seed) => ServentCloud.Joined(seed, Servents, new GnutellaParameters { Walks = Bounds });

    private static Recorded Run(ulong seed, params string[] holders)
    {
        var cloud = Cloud(seed);
        foreach (var holder in holders)
        {
            cloud.Share(holder, "song");
        }

        return Run(cloud);
    }

    private static Recorded Run(ServentCloud cloud)
    {
        var recorded = new Recorded();
        cloud.Network.Sending = (_, to, body) =>
        {
            switch (body)
            {
                case WalkRequest step:
                    recorded.Steps.Add(step);
                    recorded.Absorbed += to.Name == "peer-0" ? step.Trail.Count + 1 : 0;
                    break;
                case WalkCheckRequest check:
                    recorded.Checks.Add(check);
                    break;
                case QueryHitRequest hit:
                    recorded.Hits.Add(hit);
                    break;
            }
        };
        recorded.Result = cloud.Search("peer-0", "song", LookupMode.RandomWalk);
        return recorded;
    }

    private sealed class Recorded
    {
        public List<WalkRequest> Steps { get; } = [];

        public List<WalkCheckRequest> Checks { get; } = [];

        public List<QueryHitRequest> Hits { get; } = [];

        /// <summary>Steps that walkers reported when they came back to the origin.</summary>
        public int Absorbed { get; set; }

        public SearchResult Result { get; set; } = null!;
    }
}
