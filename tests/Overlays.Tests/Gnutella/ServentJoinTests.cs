using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class ServentJoinTests
{
    private static readonly NeighbourhoodParameters Bounds = new();

    [Theory]
    [InlineData(1UL, 2)]
    [InlineData(2UL, 5)]
    [InlineData(3UL, 16)]
    [InlineData(4UL, 16)]
    [InlineData(5UL, 64)]
    [InlineData(6UL, 64)]
    [InlineData(7UL, 64)]
    public void Servents_that_start_at_once_form_one_component_with_degrees_within_bounds(ulong seed, int servents)
    {
        var links = ServentCloud.Joined(seed, servents).Links();

        ServentCloud.AssertOneComponent(links);
        Assert.All(links, entry => Assert.InRange(entry.Value.Count, Math.Min(Bounds.Degree, servents - 1), Bounds.DegreeLimit));
        Assert.All(links, entry => Assert.All(entry.Value, other => Assert.Contains(entry.Key, links[other])));
    }

    [Theory]
    [InlineData(11UL)]
    [InlineData(12UL)]
    [InlineData(13UL)]
    public void Servents_that_start_in_any_order_form_one_component(ulong seed)
    {
        var cloud = new ServentCloud(seed);
        var random = new SplitMix64(seed);

        cloud.AddMany(32, _ => TimeSpan.FromSeconds(3) * random.NextUnit());

        Assert.True(cloud.RunUntilJoined(), cloud.Describe());
        ServentCloud.AssertOneComponent(cloud.Links());
    }

    [Fact]
    public void Servent_alone_is_joined_and_finds_its_own_files()
    {
        var cloud = ServentCloud.Joined(21, 1);
        cloud.Share("peer-0", "song");

        var result = cloud.Search("peer-0", "song");

        Assert.Equal((SearchOutcome.Complete, 0, 0), (result.Outcome, result.Messages, result.Hops.Count));
        Assert.Equal("peer-0", Assert.Single(result.Postings).Peer);
    }

    [Fact]
    public void Servents_whose_neighbours_die_find_others_and_the_rest_stays_one_component()
    {
        var cloud = ServentCloud.Joined(22, 24);

        for (var i = 0; i < 24; i += 3)
        {
            cloud.Kill(Cloud.Peer(i).Name);
        }

        cloud.Network.Run(Cloud.Lease + TimeSpan.FromSeconds(15));
        var links = cloud.Links();
        ServentCloud.AssertOneComponent(links);
        Assert.All(links, entry => Assert.InRange(entry.Value.Count, Bounds.Degree, Bounds.DegreeLimit));
    }

    [Fact]
    public void Overlay_without_boot_goes_on_and_replaces_links()
    {
        var cloud = ServentCloud.Joined(23, 16);
        cloud.Share("peer-9", "song");
        cloud.Network.Kill(AppIds.Bootstrap);

        cloud.Kill("peer-3");
        cloud.Network.Run(TimeSpan.FromSeconds(30));

        Assert.All(cloud.Links(), entry => Assert.InRange(entry.Value.Count, Bounds.Degree, Bounds.DegreeLimit));
        Assert.Single(cloud.Search("peer-0", "song").Postings);
    }

    [Fact]
    public void Islands_made_by_a_boot_that_lost_its_memory_grow_together()
    {
        var cloud = ServentCloud.Joined(24, 8);
        cloud.RestartBoot();
        cloud.AddMany(8, _ => TimeSpan.Zero);

        cloud.Network.Run(TimeSpan.FromMinutes(2));

        ServentCloud.AssertOneComponent(cloud.Links());
    }

    [Fact]
    public void Servent_that_starts_before_boot_joins_when_boot_comes()
    {
        var cloud = new ServentCloud(25);
        cloud.Network.Kill(AppIds.Bootstrap);
        cloud.AddMany(4, _ => TimeSpan.Zero);
        cloud.Network.Run(TimeSpan.FromSeconds(20));

        cloud.RestartBoot();

        Assert.True(cloud.RunUntilJoined(), cloud.Describe());
        ServentCloud.AssertOneComponent(cloud.Links());
    }

    [Fact]
    public void Servent_that_restarts_under_its_name_joins_again()
    {
        var cloud = ServentCloud.Joined(26, 8);

        cloud.Kill("peer-7");
        cloud.Network.Run(TimeSpan.FromSeconds(1));
        cloud.Restart(7);

        Assert.True(cloud.RunUntilJoined(), cloud.Describe());
        cloud.Network.Run(TimeSpan.FromSeconds(10));
        ServentCloud.AssertOneComponent(cloud.Links());
    }
}
