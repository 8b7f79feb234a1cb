using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Tests.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Kazaa;

/// <summary>What must hold of KaZaA whatever the seed.</summary>
public class LeaderPropertyTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 25).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_search_costs_2_and_2E_minus_S_plus_1_messages_and_the_steps_of_its_hits(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 12, 24, new KazaaParameters { Degree = 3, Ttl = 12 });
        var ends = cloud.Leaders.Sum(name => cloud.Leader(name).Links.Count);

        var result = cloud.Search("peer-0");

        Assert.Equal(24, result.Postings.Count);
        Assert.Equal(2 + (ends - 12 + 1) + cloud.HitHops(result), result.Messages);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recall_under_a_small_ttl_is_the_share_of_files_at_the_leaders_reached(ulong seed)
    {
        const int Ttl = 2;
        var cloud = LeaderCloud.Ready(seed, 24, 48, new KazaaParameters { Degree = 2, Ttl = Ttl });
        var start = cloud.Child("peer-0").Leader!.Name;
        var reached = Within(cloud, start, Ttl);
        Assert.InRange(reached.Count, 2, 23);

        // With unequal latencies a copy on a longer path may come first, and with a smaller TTL: the flood would reach fewer.
        cloud.Network.Model = cloud.Network.Model with { Latency = new UniformLatency(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2)) };
        var result = cloud.Search("peer-0");

        Assert.Equal(reached.Order(), Sample.Flatten(result.Hops).Select(hop => hop.To).Order());
        Assert.Equal(reached.Sum(name => cloud.Leader(name).Postings), result.Postings.Count);
        Assert.Equal(SearchOutcome.Complete, result.Outcome);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recall_is_the_share_of_files_at_the_leaders_that_the_hops_name_whatever_the_latencies_are(ulong seed)
    {
        const int Ttl = 2;
        var cloud = LeaderCloud.Ready(seed, 24, 48, new KazaaParameters { Degree = 2, Ttl = Ttl });

        var result = cloud.Search("peer-0");

        var reached = Sample.Flatten(result.Hops).Select(hop => hop.To).ToList();
        Assert.Equal(reached.Count, reached.Distinct().Count());
        Assert.Empty(reached.Except(Within(cloud, cloud.Child("peer-0").Leader!.Name, Ttl)));
        Assert.Equal(reached.Sum(name => cloud.Leader(name).Postings), result.Postings.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_child_is_in_exactly_one_index_again_after_leaders_have_died_left_and_come(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 5, 30);
        cloud.Kill("supernode-0");
        cloud.Network.Run(TimeSpan.FromSeconds(3));
        cloud.Network.Ask("supernode-1", new LeaveCommand());
        cloud.Leaders.Remove("supernode-1");
        cloud.AddLeader(9);

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(15)), cloud.Describe());
        cloud.Network.Run(Cloud.Lease);
        cloud.AssertEachChildInOneIndex();
        Assert.Equal(30, cloud.Search("peer-0").Postings.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_child_cut_off_from_its_leader_is_in_the_old_index_no_longer_than_the_lease_and_in_the_new_one_meanwhile(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 3, 6);
        var old = cloud.Child("peer-0").Leader!.Name;
        var before = cloud.Child("peer-0").Epoch;
        cloud.Network.Partition(new HashSet<string> { "peer-0" }, new HashSet<string> { old });
        cloud.Network.Run(Cloud.Lease / 2);

        Assert.NotEqual(old, cloud.Child("peer-0").Leader!.Name);
        Assert.True(cloud.Child("peer-0").Epoch > before);
        Assert.Equal(6, cloud.Search("peer-1").Postings.Count);

        cloud.Network.Run(Cloud.Lease / 2);
        Assert.DoesNotContain("peer-0", cloud.Leader(old).Children);
        cloud.AssertEachChildInOneIndex();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_leader_that_was_too_slow_for_a_while_gives_up_the_children_that_went_elsewhere_as_soon_as_they_tell_it(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 3, 6);
        var old = cloud.Child("peer-0").Leader!.Name;
        cloud.Network.Pause(old);
        cloud.Network.Run(TimeSpan.FromSeconds(12));
        cloud.Network.Resume(old);

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(5)), cloud.Describe());
        cloud.AssertEachChildInOneIndex();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Refresh_lists_are_spread_among_leaders_and_children_and_stay_bounded(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 20, 10, new KazaaParameters { Degree = 3, LeadersMax = 12 });

        cloud.Network.Run(TimeSpan.FromSeconds(30));

        Assert.All(cloud.Leaders, name => Assert.Equal(12, cloud.Leader(name).KnownLeaders));
        Assert.All(cloud.Children, name => Assert.InRange(cloud.Child(name).KnownLeaders, 5, 12));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Copies_of_messages_that_come_late_take_no_file_out(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 2, 0);
        cloud.Network.Model = cloud.Network.Model with
        {
            Latency = new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200)),
            Duplication = 1,
        };
        Enumerable.Range(0, 8).ToList().ForEach(number => cloud.AddChild(number));

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(30)), cloud.Describe());
        cloud.Network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(8, cloud.Leaders.Sum(name => cloud.Leader(name).Postings));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_a_storm_of_lost_and_repeated_messages_and_of_dying_leaders_all_is_well_within_a_minute(ulong seed)
    {
        var cloud = new LeaderCloud(seed, 3, 16, new KazaaParameters
        {
            ChildrenMax = 12,
            Promotion = new PromotionParameters { UptimeMin = TimeSpan.FromSeconds(20) },
        });
        var random = new SplitMix64(seed);
        var calm = cloud.Network.Model;
        cloud.Network.Model = calm with { Loss = 0.05, Duplication = 0.05 };
        for (var round = 0; round < 10; round++)
        {
            cloud.Network.Run(TimeSpan.FromSeconds(30) * random.NextUnit());
            if (cloud.Leaders.Count > 0 && random.NextUnit() < 0.6)
            {
                cloud.Kill(random.Sample(cloud.Leaders, 1)[0]);
            }
            else
            {
                cloud.AddLeader(100 + round);
            }
        }

        cloud.Network.Model = calm;
        cloud.Network.Run(TimeSpan.FromMinutes(1));

        Assert.All(cloud.Children, name => Assert.Null(cloud.Child(name).Pending));
        Assert.Equal(16, cloud.Search("peer-0").Postings.Count);
    }

    [Fact]
    public void A_child_probes_five_leaders_in_parallel_and_attaches_to_the_least_loaded()
    {
        var cloud = LeaderCloud.Ready(1, 5, 0, new KazaaParameters { ChildrenMax = 10 });
        for (var i = 0; i < 20; i++)
        {
            var probed = new List<string>();
            var least = cloud.Leaders.Min(name => cloud.Leader(name).Children.Count);
            cloud.Network.Sending = (_, to, body) =>
            {
                if (body is LeaderProbeRequest)
                {
                    probed.Add(to.Name);
                }
            };

            cloud.AddChild(i);
            Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(5)), cloud.Describe());

            Assert.Equal(cloud.Leaders.Order(), probed.Order());
            Assert.Equal(least + 1, cloud.Leader(cloud.Child($"peer-{i}").Leader!.Name).Children.Count);
        }
    }

    /// <summary>Leaders that a query of this TTL reaches from one of them, that one included.</summary>
    private static HashSet<string> Within(LeaderCloud cloud, string start, int ttl)
    {
        HashSet<string> reached = [start];
        for (var step = 0; step < ttl; step++)
        {
            reached.UnionWith(reached.SelectMany(name => cloud.Leader(name).Links.Select(link => link.Name)).ToList());
        }

        return reached;
    }
}
