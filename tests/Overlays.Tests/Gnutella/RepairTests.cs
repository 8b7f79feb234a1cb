using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class RepairTests
{
    private static readonly NeighbourhoodParameters Bounds = new();

    [Fact]
    public void Servent_knows_more_nodes_than_its_neighbours_from_pongs()
    {
        var cloud = ServentCloud.Joined(401, 24);
        cloud.Network.Run(TimeSpan.FromSeconds(30));

        Assert.All(cloud.Names, name => Assert.InRange(cloud.Status(name).Known, 15, 23));
    }

    [Fact]
    public void Servent_that_lost_a_link_asks_nodes_of_its_cache_and_not_boot()
    {
        var cloud = ServentCloud.Joined(402, 24);
        cloud.Network.Run(TimeSpan.FromSeconds(20));
        var lost = cloud.Names.Select(name => (Name: name, cloud.Status(name).Links)).First(entry => entry.Links.Count == Bounds.Degree);
        var asked = new List<IMessage>();
        cloud.Network.Sending = (from, _, body) =>
        {
            if (from.Name == lost.Name && body is ConnectRequest or SampleRequest)
            {
                asked.Add(body);
            }
        };

        cloud.Network.Ask(lost.Links[0].Name, new LeaveCommand());
        cloud.Network.Run(TimeSpan.FromSeconds(1));

        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, body => body is SampleRequest);
        Assert.InRange(cloud.Status(lost.Name).Links.Count, Bounds.Degree, Bounds.DegreeLimit);
    }

    [Theory]
    [InlineData(411UL)]
    [InlineData(412UL)]
    [InlineData(413UL)]
    [InlineData(414UL)]
    [InlineData(415UL)]
    [InlineData(416UL)]
    public void Survivors_of_25_percent_of_the_nodes_are_one_component_within_30_seconds_without_boot(ulong seed)
    {
        var cloud = ServentCloud.Joined(seed, 32);
        cloud.Network.Run(TimeSpan.FromSeconds(20));
        cloud.Network.Kill(AppIds.Bootstrap);
        foreach (var victim in new SplitMix64(seed).Sample(cloud.Names.ToList(), 8))
        {
            cloud.Kill(victim);
        }

        cloud.Network.Run(TimeSpan.FromSeconds(30));

        var links = cloud.Links();
        ServentCloud.AssertOneComponent(links);
        Assert.All(links, entry => Assert.InRange(entry.Value.Count, Bounds.Degree, Bounds.DegreeLimit));
        Assert.All(links.Values, neighbours => Assert.All(neighbours, neighbour => Assert.Contains(neighbour, cloud.Names)));
    }

    [Theory]
    [InlineData(431UL)]
    [InlineData(432UL)]
    [InlineData(433UL)]
    [InlineData(434UL)]
    public void Islands_whose_nodes_all_have_their_links_become_one_component_again(ulong seed)
    {
        var cloud = Islands(seed);
        cloud.Network.Heal();

        cloud.Network.Run(TimeSpan.FromMinutes(5));

        ServentCloud.AssertOneComponent(cloud.Links());
    }

    [Theory]
    [InlineData(431UL)]
    [InlineData(432UL)]
    [InlineData(433UL)]
    [InlineData(434UL)]
    public void Link_with_a_stranger_that_replaces_another_is_the_last_one_of_its_search(ulong seed)
    {
        var cloud = Islands(seed);
        var replaced = new HashSet<(string, DateTimeOffset)>();
        var asked = new HashSet<(string, DateTimeOffset)>();
        cloud.Network.Sending = (from, _, body) => (body is ByeRequest ? replaced : body is ConnectRequest ? asked : []).Add((from.Name, cloud.Network.Now));
        cloud.Network.Heal();

        cloud.Network.Run(TimeSpan.FromMinutes(5));

        Assert.NotEmpty(replaced);
        Assert.Empty(replaced.Intersect(asked));
    }

    [Theory]
    [InlineData(LookupMode.Flood)]
    [InlineData(LookupMode.RandomWalk)]
    public void Call_that_a_neighbour_did_not_live_to_answer_does_not_end_the_link_with_its_next_life(LookupMode mode)
    {
        var cloud = ServentCloud.Joined(441, 2);
        SearchResult? result = null;
        var byes = 0;
        cloud.Network.Sending = (_, _, body) => byes += body is ByeRequest ? 1 : 0;
        cloud.Network.Partition(new HashSet<string> { "peer-0" }, new HashSet<string> { "peer-1" });
        cloud.Network.Post("peer-0", new SearchCommand("song", 100, mode), answer => result = answer);
        cloud.Network.Run(TimeSpan.FromSeconds(0.2));
        cloud.Kill("peer-1");
        cloud.Network.Heal();
        cloud.Restart(1);
        Assert.True(cloud.Network.RunUntil(() => cloud.Status("peer-1").Links.Count == 1, TimeSpan.FromSeconds(0.7)), "not linked again");
        Assert.Null(result);

        Assert.True(cloud.Network.RunUntil(() => result is not null, TimeSpan.FromSeconds(30)), "no result");

        Assert.Equal("peer-1", Assert.Single(cloud.Status("peer-0").Links).Name);
        Assert.Equal(0, byes);
    }

    [Fact]
    public void Pong_does_not_name_its_sender_and_names_at_most_ten_nodes()
    {
        var cloud = ServentCloud.Joined(420, 32);
        var pongs = new List<(string From, string Json, int Count)>();
        cloud.Network.Run(TimeSpan.FromSeconds(10));
        cloud.Network.Observing = (node, effect) =>
        {
            if (effect is Effect.Respond { Body: PongReply { Hosts: { } hosts } })
            {
                pongs.Add((node.Name, string.Join(',', hosts.Select(host => host.Node.Name)), hosts.Count));
            }
        };

        cloud.Network.Run(TimeSpan.FromSeconds(5));

        Assert.NotEmpty(pongs);
        Assert.All(pongs, pong => Assert.DoesNotContain(pong.From, pong.Json.Split(',')));
        Assert.All(pongs, pong => Assert.InRange(pong.Count, 1, Bounds.PongMax));
    }

    /// <summary>Two halves that have been apart until the last node has more links than it keeps up, and none asks BOOT for more.</summary>
    private static ServentCloud Islands(ulong seed)
    {
        var cloud = ServentCloud.Joined(seed, 32);
        var names = cloud.Names.ToHashSet();
        var island = names.Take(16).ToHashSet();
        cloud.Network.Partition(island, names.Except(island).ToHashSet());
        cloud.Network.Run(TimeSpan.FromMinutes(20));
        return cloud;
    }
}
