using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Napster;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Napster;

public class NapsterTests
{
    [Fact]
    public void Search_finds_files_of_all_peers_with_every_word_in_two_messages_and_one_hop()
    {
        var cloud = new DirectoryCloud(3);
        cloud.Share(0, "Hey Jude.mp3", "Hey You.mp3");
        cloud.Share(1, "jude, HEY (live).mp3");

        var result = cloud.Search(2, "hey jude");

        Assert.Equal(["Hey Jude.mp3", "jude, HEY (live).mp3"], Sample.Names(result.Postings));
        Assert.Equal((SearchOutcome.Complete, 2), (result.Outcome, result.Messages));
        var hop = Assert.Single(result.Hops);
        Assert.Equal(("peer-2", "directory", true), (hop.From, hop.To, hop.ElapsedMs is >= 2 and <= 10));
    }

    [Fact]
    public void Search_marks_its_hop_at_the_directory()
    {
        var cloud = new DirectoryCloud(1);
        var marks = new List<(NodeRef Node, HopMark Hop)>();
        cloud.Network.Observing = (node, effect) =>
        {
            if (effect is Effect.HopReceived received)
            {
                marks.Add((node, received.Hop));
            }
        };

        var result = cloud.Search(0, "song");

        var mark = new HopMark(Techniques.Napster, result.LookupId, 0, "peer-0", "directory");
        Assert.Equal((DirectoryCloud.Directory, mark), Assert.Single(marks));
    }

    [Fact]
    public void Search_returns_at_most_100_postings()
    {
        var cloud = new DirectoryCloud(1);
        cloud.Share(0, [.. Enumerable.Range(0, 150).Select(number => $"song {number}")]);

        Assert.Equal(NapsterLimits.SearchResultsMax, cloud.Search(0, "song", 1000).Postings.Count);
        Assert.Equal(7, cloud.Search(0, "song", 7).Postings.Count);
    }

    [Fact]
    public void Peer_that_dies_is_in_no_result_after_its_lease()
    {
        var cloud = new DirectoryCloud(2);
        cloud.Share(1, "song");

        cloud.Network.Kill("peer-1");
        cloud.Network.Run(Cloud.Lease);

        Assert.Empty(cloud.Search(0, "song").Postings);
    }

    [Fact]
    public void Peer_that_lives_stays_in_the_index_beyond_its_lease()
    {
        var cloud = new DirectoryCloud(2);
        cloud.Share(1, "song");

        cloud.Network.Run(Cloud.Lease * 5);

        Assert.Single(cloud.Search(0, "song").Postings);
    }

    [Fact]
    public void Peer_that_leaves_is_in_no_result_at_once()
    {
        var cloud = new DirectoryCloud(2);
        cloud.Share(1, "song");

        Assert.True(cloud.Network.Ask("peer-1", new LeaveCommand()).Ok);

        Assert.Empty(cloud.Search(0, "song").Postings);
        Assert.Equal(SearchOutcome.Failed, cloud.Search(1, "song").Outcome);
    }

    [Fact]
    public void Directory_that_lost_its_memory_gets_every_file_again()
    {
        var cloud = new DirectoryCloud(4);
        for (var i = 0; i < 4; i++)
        {
            cloud.Share(i, $"song {i}");
        }

        cloud.Network.Kill(AppIds.Directory);
        cloud.StartDirectory();
        cloud.Network.Run(Cloud.Lease);

        Assert.Equal(4, cloud.Search(0, "song").Postings.Count);
        Assert.All(Enumerable.Range(0, 4), peer => Assert.Null(cloud.Status(peer).Pending));
    }

    [Fact]
    public void Search_with_the_directory_down_fails_within_its_time_out()
    {
        var cloud = new DirectoryCloud(1);
        cloud.Network.Kill(AppIds.Directory);
        var before = cloud.Network.Now;

        var result = cloud.Search(0, "song");

        Assert.Equal((SearchOutcome.Failed, 1), (result.Outcome, result.Messages));
        Assert.Equal(HopOutcomes.Unreachable, Assert.Single(result.Hops).Outcome);
        Assert.InRange(cloud.Network.Now - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Session_that_starts_before_the_directory_logs_in_when_it_comes()
    {
        var cloud = new DirectoryCloud(0);
        cloud.Network.Kill(AppIds.Directory);
        cloud.Start(0);
        Assert.Equal(SearchOutcome.Failed, cloud.Search(0, "song").Outcome);
        Assert.False(cloud.Share(0, "song").Ok);
        cloud.Network.Run(TimeSpan.FromSeconds(20));

        cloud.StartDirectory();
        cloud.Network.Run(TimeSpan.FromSeconds(10));

        Assert.Single(cloud.Search(0, "song").Postings);
    }

    [Fact]
    public void Unshared_content_is_not_found_under_any_of_its_names()
    {
        var cloud = new DirectoryCloud(1);
        SharedFile[] files = [new("c1", "song one", 1), new("c1", "song two", 1), new("c2", "song three", 1)];
        cloud.Network.Ask("peer-0", new ShareCommand(files));

        Assert.True(cloud.Network.Ask("peer-0", new UnshareCommand([files[1]])).Ok);

        Assert.Equal(["song three"], Sample.Names(cloud.Search(0, "song").Postings));
    }

    [Fact]
    public void Unshare_while_a_large_upload_is_under_way_wins()
    {
        var cloud = new DirectoryCloud(1);
        SharedFile[] files = [.. Enumerable.Range(0, 1200).Select(number => Sample.File($"song {number}"))];
        cloud.Network.Post("peer-0", new ShareCommand(files), _ => { });

        cloud.Network.Ask("peer-0", new UnshareCommand(files));

        Assert.Empty(cloud.Search(0, "song").Postings);
    }

    [Fact]
    public void Restarted_peer_replaces_its_earlier_session()
    {
        var cloud = new DirectoryCloud(1);
        cloud.Share(0, "old");
        cloud.Network.Kill("peer-0");

        cloud.Start(0, incarnation: 1000);
        cloud.Network.Run(TimeSpan.FromSeconds(1));
        cloud.Share(0, "new");

        Assert.Empty(cloud.Search(0, "old").Postings);
        Assert.Single(cloud.Search(0, "new").Postings);
    }

    [Fact]
    public void Sources_names_everyone_who_shares_a_content()
    {
        var cloud = new DirectoryCloud(3);
        cloud.Share(0, "song");
        cloud.Share(1, "song");

        var sources = cloud.Network.Ask("peer-2", new NapsterSourcesCommand(Sample.File("song").ContentId));

        Assert.Equal(["peer-0", "peer-1"], sources.Postings.Select(posting => posting.Peer));
    }
}
