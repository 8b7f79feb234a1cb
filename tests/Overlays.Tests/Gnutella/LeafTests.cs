using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class LeafTests
{
    private const int Ultrapeers = 8;
    private const int Nodes = 32;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(500, 6).Select(seed => (ulong)seed)];

    private static IEnumerable<string> LeafNames => Enumerable.Range(Ultrapeers, Nodes - Ultrapeers).Select(AppIds.Peer);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Leaf_is_linked_with_three_ultrapeers_and_with_nobody_else(ulong seed)
    {
        var cloud = Formed(seed);

        var ultrapeers = Enumerable.Range(0, Ultrapeers).Select(AppIds.Peer).ToList();
        Assert.All(LeafNames, leaf => Assert.Equal(3, cloud.Status(leaf).Links.Count));
        Assert.All(cloud.Names, name => Assert.All(cloud.Status(name).Links, link => Assert.Contains(link.Name, ultrapeers)));
        Assert.All(LeafNames, leaf => Assert.All(
            cloud.Status(leaf).Links, link => Assert.Contains(leaf, cloud.Status(link.Name).Leaves.Select(node => node.Name))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_leafs_file_is_found_from_every_node_by_flood_and_only_leaves_that_may_have_it_are_asked(ulong seed)
    {
        var cloud = Formed(seed);
        foreach (var leaf in LeafNames)
        {
            cloud.Share(leaf, $"song of {leaf}");
        }

        cloud.Network.Run(TimeSpan.FromSeconds(2));
        var asked = new HashSet<string>();
        cloud.Network.Sending = (_, to, body) =>
        {
            if (body is QueryRequest && LeafNames.Contains(to.Name))
            {
                asked.Add(to.Name);
            }
        };

        foreach (var (from, holder) in LeafNames.Zip(LeafNames.Skip(1)).Append(("peer-0", "peer-30")))
        {
            asked.Clear();
            var number = holder.Split('-')[1];
            var result = cloud.Search(from, $"song {number}");

            Assert.Equal(holder, Assert.Single(result.Postings).Peer);
            Assert.Contains(holder, asked);
            Assert.InRange(asked.Count, 1, 3);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Leaf_passes_no_query_on(ulong seed)
    {
        var cloud = Formed(seed);
        var leaves = LeafNames.ToHashSet();
        foreach (var leaf in leaves)
        {
            cloud.Share(leaf, "song");
        }

        cloud.Network.Run(TimeSpan.FromSeconds(2));
        var senders = new List<string>();
        cloud.Network.Sending = (from, _, body) => senders.AddRange(body is QueryRequest && leaves.Contains(from.Name) ? [from.Name] : []);

        var result = cloud.Search("peer-10", "song");

        Assert.Equal(["peer-10", "peer-10", "peer-10"], senders);
        Assert.Equal(leaves.Order(), result.Postings.Select(posting => posting.Peer).Order());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Walkers_find_the_files_of_leaves_and_their_cost_is_all_that_was_sent(ulong seed)
    {
        var cloud = Formed(seed);
        cloud.Share("peer-20", "song");
        cloud.Network.Run(TimeSpan.FromSeconds(2));
        var sent = 0;
        cloud.Network.Sending = (_, _, body) => sent += body switch
        {
            WalkRequest or QueryRequest or QueryHitRequest => 1,
            WalkCheckRequest => 2,
            _ => 0,
        };

        var result = cloud.Search("peer-0", "song", LookupMode.RandomWalk);

        Assert.Equal("peer-20", Assert.Single(result.Postings).Peer);
        Assert.Equal(sent, result.Messages);
        Assert.Equal(SearchOutcome.Complete, result.Outcome);
    }

    [Fact]
    public void File_that_is_no_longer_shared_is_no_longer_asked_for()
    {
        var cloud = Formed(510);
        cloud.Share("peer-20", "song", "other");
        cloud.Network.Run(TimeSpan.FromSeconds(2));
        cloud.Network.Ask("peer-20", new UnshareCommand([Sample.File("song")]));
        cloud.Network.Run(TimeSpan.FromSeconds(2));
        var asked = 0;
        cloud.Network.Sending = (_, to, body) => asked += body is QueryRequest && to.Name == "peer-20" ? 1 : 0;

        Assert.Empty(cloud.Search("peer-0", "song").Postings);
        Assert.Equal(0, asked);
        Assert.Single(cloud.Search("peer-0", "other").Postings);
    }

    [Fact]
    public void Leaf_whose_ultrapeers_die_finds_others_and_its_files_are_found_again()
    {
        var cloud = Formed(511);
        cloud.Share("peer-20", "song");
        cloud.Network.Run(TimeSpan.FromSeconds(2));
        var dead = cloud.Status("peer-20").Links.Select(link => link.Name).ToList();

        dead.ForEach(cloud.Kill);
        cloud.Network.Run(TimeSpan.FromSeconds(20));

        Assert.Equal(3, cloud.Status("peer-20").Links.Count);
        Assert.Equal("peer-20", Assert.Single(cloud.Search("peer-31", "song").Postings).Peer);
    }

    [Fact]
    public void Dead_leaf_is_dropped_within_its_lease()
    {
        var cloud = Formed(512);
        cloud.Kill("peer-20");

        cloud.Network.Run(new LeafParameters().LeafLease + TimeSpan.FromSeconds(5));
        cloud.Search("peer-0", "song");

        Assert.All(cloud.Names, name => Assert.DoesNotContain("peer-20", cloud.Status(name).Leaves.Select(leaf => leaf.Name)));
    }

    [Fact]
    public void Servent_of_gnutella_04_takes_no_leaves()
    {
        var cloud = ServentCloud.Joined(513, 4);
        cloud.AddMany(1, GnutellaRole.Leaf);

        cloud.Network.Run(TimeSpan.FromSeconds(10));

        Assert.Empty(cloud.Status("peer-4").Links);
        Assert.NotNull(cloud.Status("peer-4").Pending);
    }

    private static ServentCloud Formed(ulong seed)
    {
        var cloud = new ServentCloud(seed, new GnutellaParameters { Leaves = new LeafParameters { TableLength = 8_192 } });
        cloud.AddMany(Ultrapeers, GnutellaRole.Ultrapeer);
        Assert.True(cloud.RunUntilJoined(), cloud.Describe());
        cloud.AddMany(Nodes - Ultrapeers, GnutellaRole.Leaf);
        Assert.True(cloud.RunUntilJoined(), cloud.Describe());
        cloud.Network.Run(TimeSpan.FromSeconds(10));
        return cloud;
    }
}
