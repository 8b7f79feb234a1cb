using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Kazaa;

public class LeaderCloudTests
{
    [Theory]
    [InlineData(1UL, 3, 16)]
    [InlineData(2UL, 3, 64)]
    [InlineData(3UL, 8, 64)]
    [InlineData(4UL, 1, 4)]
    public void Children_and_leaders_that_start_at_once_are_all_attached_and_found(ulong seed, int leaders, int children)
    {
        var cloud = LeaderCloud.Ready(seed, leaders, children);

        cloud.AssertEachChildInOneIndex();
        Assert.Equal(children, cloud.Search("peer-0").Postings.Count);
    }

    [Theory]
    [InlineData(5UL)]
    [InlineData(6UL)]
    public void Children_and_leaders_that_start_in_any_order_are_all_attached(ulong seed)
    {
        var random = new SplitMix64(seed);
        var cloud = new LeaderCloud(seed, 4, 24, delay: () => TimeSpan.FromSeconds(3) * random.NextUnit());

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(30)), cloud.Describe());
        cloud.Network.Run(Cloud.Lease);
        cloud.AssertEachChildInOneIndex();
    }

    [Fact]
    public void Search_costs_two_messages_and_the_flood_of_the_leaders()
    {
        var cloud = LeaderCloud.Ready(7, 5, 10);
        var edges = cloud.Leaders.Sum(name => cloud.Leader(name).Links.Count) / 2;

        var nothing = cloud.Search("peer-0", "silence");
        var all = cloud.Search("peer-0");

        Assert.Equal(2 + (2 * edges) - 5 + 1, nothing.Messages);
        Assert.Equal(nothing.Messages + cloud.HitHops(all), all.Messages);
        Assert.Equal(SearchOutcome.Complete, all.Outcome);
    }

    [Fact]
    public void Hops_of_a_search_begin_with_the_leader_and_go_on_among_leaders()
    {
        var cloud = LeaderCloud.Ready(8, 3, 6);
        var marks = new List<HopMark>();
        cloud.Network.Observing = (_, effect) =>
        {
            if (effect is Effect.HopReceived received)
            {
                marks.Add(received.Hop);
            }
        };

        var result = cloud.Search("peer-0");

        var hop = Assert.Single(result.Hops);
        Assert.Equal(("peer-0", cloud.Child("peer-0").Leader!.Name), (hop.From, hop.To));
        Assert.Equal(3, Sample.Flatten(result.Hops).Count());
        Assert.Equal([0, 1, 1], marks.Select(mark => mark.Index).Order());
        Assert.All(marks, mark => Assert.Equal(result.LookupId, mark.LookupId));
    }

    [Fact]
    public void Leader_death_makes_its_children_attach_elsewhere_and_their_files_are_found_again()
    {
        var cloud = LeaderCloud.Ready(9, 3, 16);

        cloud.Kill(cloud.Child("peer-0").Leader!.Name);
        cloud.Network.Run(Cloud.Lease / 2);

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(10)), cloud.Describe());
        cloud.AssertEachChildInOneIndex();
        Assert.Equal(16, cloud.Search("peer-0").Postings.Count);
    }

    [Fact]
    public void Search_at_a_dead_leader_fails_when_there_is_no_other()
    {
        var cloud = LeaderCloud.Ready(10, 1, 4);
        cloud.Kill(cloud.Child("peer-0").Leader!.Name);

        var result = cloud.Search("peer-0");

        Assert.Equal(SearchOutcome.Failed, result.Outcome);
        Assert.Equal(HopOutcomes.Unreachable, Assert.Single(result.Hops).Outcome);
    }

    [Fact]
    public void Search_at_a_dead_leader_is_made_again_at_another_and_says_that_it_is_not_whole()
    {
        var cloud = LeaderCloud.Ready(10, 2, 4);
        var dead = cloud.Child("peer-0").Leader!.Name;
        cloud.Kill(dead);

        var result = cloud.Search("peer-0");
        cloud.Network.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(SearchOutcome.Partial, result.Outcome);
        Assert.Equal([(dead, HopOutcomes.Unreachable), (cloud.Leaders[0], null)], result.Hops.Select(hop => (hop.To, hop.Outcome)));
        Assert.NotEmpty(result.Postings);
        Assert.Equal(cloud.Leaders, [cloud.Child("peer-0").Leader!.Name]);
    }

    [Fact]
    public void Child_death_takes_its_files_out_within_its_lease()
    {
        var cloud = LeaderCloud.Ready(11, 2, 4);

        cloud.Kill("peer-3");
        cloud.Network.Run(Cloud.Lease);

        Assert.Equal(["song 0", "song 1", "song 2"], Sample.Names(cloud.Search("peer-0").Postings));
    }

    [Fact]
    public void Child_that_leaves_takes_its_files_along_at_once()
    {
        var cloud = LeaderCloud.Ready(12, 2, 3);

        cloud.Network.Ask("peer-2", new LeaveCommand());

        Assert.Equal(["song 0", "song 1"], Sample.Names(cloud.Search("peer-0").Postings));
        Assert.Equal(SearchOutcome.Failed, cloud.Search("peer-2").Outcome);
    }

    [Fact]
    public void Leader_that_leaves_hands_its_children_to_the_others()
    {
        var cloud = LeaderCloud.Ready(13, 3, 12);
        var left = cloud.Child("peer-0").Leader!.Name;

        cloud.Network.Ask(left, new LeaveCommand());
        cloud.Leaders.Remove(left);
        cloud.Network.Run(Cloud.Lease / 2);

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(10)), cloud.Describe());
        Assert.Empty(cloud.Leader(left).Children);
        cloud.AssertEachChildInOneIndex();
    }

    [Fact]
    public void Leader_that_leaves_soon_after_the_start_waits_for_its_children_to_attach_elsewhere()
    {
        var cloud = new LeaderCloud(13, 3, 0);
        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(1)), cloud.Describe());
        Enumerable.Range(0, 12).ToList().ForEach(number => cloud.AddChild(number));
        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(1)), cloud.Describe());
        var left = cloud.Child("peer-0").Leader!.Name;
        var searcher = cloud.Children.First(name => cloud.Child(name).Leader!.Name != left);
        var over = false;
        cloud.Network.Post(left, new LeaveCommand(), _ => over = true);

        while (!over)
        {
            cloud.Network.Run(TimeSpan.FromMilliseconds(100));
            Assert.Equal(12, cloud.Search(searcher).Postings.Count);
        }
    }

    [Fact]
    public void Full_leader_sends_children_to_the_others()
    {
        var cloud = LeaderCloud.Ready(14, 3, 12, new KazaaParameters { ChildrenMax = 4 });

        Assert.All(cloud.Leaders, name => Assert.Equal(4, cloud.Leader(name).Children.Count));
    }

    [Fact]
    public void Share_and_unshare_end_when_the_leader_knows()
    {
        var cloud = LeaderCloud.Ready(15, 2, 2);
        var file = Sample.File("Österreich");

        Assert.True(cloud.Network.Ask("peer-1", new ShareCommand([file])).Ok);
        Assert.Single(cloud.Search("peer-0", "osterreich").Postings);
        Assert.True(cloud.Network.Ask("peer-1", new UnshareCommand([file])).Ok);
        Assert.Empty(cloud.Search("peer-0", "osterreich").Postings);
    }

    [Fact]
    public void Share_without_a_leader_is_not_yet_done_and_made_up_for_later()
    {
        var cloud = new LeaderCloud(16, 0, 1);
        cloud.Network.Run(TimeSpan.FromSeconds(1));

        Assert.False(cloud.Network.Ask("peer-0", new ShareCommand([Sample.File("late")])).Ok);
        Assert.Equal(SearchOutcome.Failed, cloud.Search("peer-0").Outcome);
        cloud.AddLeader(0);

        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(10)));
        Assert.Single(cloud.Search("peer-0", "late").Postings);
    }

    [Fact]
    public void Files_are_uploaded_in_batches()
    {
        var cloud = LeaderCloud.Ready(17, 1, 1);
        var batches = new List<int>();
        cloud.Network.Sending = (_, _, body) =>
        {
            if (body is Contracts.Kazaa.UploadRequest upload)
            {
                batches.Add(upload.Files.Count);
            }
        };

        cloud.Network.Ask("peer-0", new ShareCommand([.. Enumerable.Range(0, 1200).Select(number => Sample.File($"file {number}"))]));

        Assert.Equal([500, 500, 200], batches);
        Assert.Equal(1201, cloud.Leader("supernode-0").Postings);
    }

    [Fact]
    public void Epoch_grows_with_each_attachment()
    {
        var cloud = LeaderCloud.Ready(18, 2, 1);
        var before = cloud.Child("peer-0").Epoch;

        cloud.Kill(cloud.Child("peer-0").Leader!.Name);
        cloud.Network.Run(Cloud.Lease);

        Assert.True(cloud.Child("peer-0").Epoch > before);
        Assert.Null(cloud.Child("peer-0").Pending);
    }
}
