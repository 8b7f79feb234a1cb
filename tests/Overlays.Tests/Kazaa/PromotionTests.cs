using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Kazaa;

public class PromotionTests
{
    private const int Children = 16;

    private static readonly KazaaParameters Parameters = new() { Promotion = new PromotionParameters { UptimeMin = TimeSpan.FromSeconds(10) } };

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(100, 20).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void When_all_leaders_die_a_few_peers_lead_and_every_file_is_found_and_when_leaders_come_back_they_step_down(ulong seed)
    {
        var cloud = LeaderCloud.Ready(seed, 3, Children, Parameters);
        cloud.Leaders.ToList().ForEach(cloud.Kill);

        // A dead leader stays with BOOT for its lease, and only then may somebody else found the leaders' overlay.
        cloud.Network.Run(Cloud.Lease + TimeSpan.FromSeconds(30));

        Assert.InRange(cloud.Promoted().Count, 1, Children / 4);
        AssertEachChildAtOnePromoted(cloud);
        Assert.Equal((Children, SearchOutcome.Complete), Answer(cloud));

        cloud.AddLeader(7);
        cloud.AddLeader(8);
        cloud.Network.Run(TimeSpan.FromMinutes(3));

        Assert.Empty(cloud.Promoted());
        cloud.AssertEachChildInOneIndex();
        Assert.Equal((Children, SearchOutcome.Complete), Answer(cloud));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void When_all_leaders_are_full_a_peer_leads_for_the_rest(ulong seed)
    {
        var cloud = new LeaderCloud(seed, 1, Children, Parameters with { ChildrenMax = 10 });
        cloud.Network.Run(TimeSpan.FromMinutes(1));

        Assert.InRange(cloud.Promoted().Count, 1, 2);
        Assert.All(cloud.Children, name => Assert.Null(cloud.Child(name).Pending));
        Assert.Equal((Children, SearchOutcome.Complete), Answer(cloud));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_file_is_missing_from_an_answer_while_a_promoted_leader_steps_down(ulong seed)
    {
        var cloud = new LeaderCloud(seed, 0, Children, Parameters);
        cloud.Network.Run(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(cloud.Promoted());

        cloud.AddLeader(0);
        for (var i = 0; i < 300 && cloud.Promoted().Count > 0; i++)
        {
            cloud.Network.Run(TimeSpan.FromSeconds(0.5));
            Assert.Equal(Children, cloud.Search("peer-0").Postings.Count);
        }

        Assert.Empty(cloud.Promoted());
    }

    [Fact]
    public void A_peer_that_has_not_been_up_for_long_does_not_lead()
    {
        var cloud = new LeaderCloud(1, 0, 4, Parameters with { Promotion = new PromotionParameters { UptimeMin = TimeSpan.FromMinutes(5) } });

        cloud.Network.Run(TimeSpan.FromMinutes(4));

        Assert.Empty(cloud.Promoted());
    }

    [Fact]
    public void A_peer_does_not_lead_while_leaders_have_room()
    {
        var cloud = LeaderCloud.Ready(2, 2, Children, Parameters);
        var stood = 0;
        cloud.Network.Sending = (_, _, body) => stood += body is StandRequest ? 1 : 0;

        cloud.Network.Run(TimeSpan.FromMinutes(2));

        Assert.Empty(cloud.Promoted());
        Assert.Equal(0, stood);
    }

    [Fact]
    public void A_promoted_peer_that_leaves_hands_its_children_to_another()
    {
        var cloud = new LeaderCloud(3, 1, Children, Parameters with { ChildrenMax = 10 });
        cloud.Network.Run(TimeSpan.FromMinutes(1));
        var leader = Assert.Single(cloud.Promoted());

        Assert.True(cloud.Network.Ask(leader, new LeaveCommand()).Ok);
        cloud.Network.Run(TimeSpan.FromMinutes(1));

        Assert.NotEqual(leader, Assert.Single(cloud.Promoted()));
        Assert.Equal((Children, SearchOutcome.Complete), Answer(cloud));
    }

    private static (int Found, SearchOutcome Outcome) Answer(LeaderCloud cloud)
    {
        var result = cloud.Search("peer-0");
        return (result.Postings.Count, result.Outcome);
    }

    private static void AssertEachChildAtOnePromoted(LeaderCloud cloud) => Assert.Equal(
        cloud.Children.Order(StringComparer.Ordinal),
        cloud.Promoted().SelectMany(name => cloud.PromotedLeader(name)!.Children).Order(StringComparer.Ordinal));
}
