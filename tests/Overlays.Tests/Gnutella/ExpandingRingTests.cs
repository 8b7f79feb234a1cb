using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class ExpandingRingTests
{
    private static readonly IReadOnlyList<int> Rings = [1, 3, 5, 7];

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(300, 8).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rings_grow_until_there_is_a_hit_each_with_its_own_guid_and_cost_the_sum_of_the_floods(ulong seed)
    {
        var cloud = ServentCloud.Joined(seed, 32);
        var distances = Distances(cloud.Links(), "peer-0");
        var holder = distances.MaxBy(entry => entry.Value).Key;
        cloud.Share(holder, "song");
        var queries = new List<QueryRequest>();
        var sent = 0;
        cloud.Network.Sending = (_, _, body) =>
        {
            sent += body is QueryRequest or QueryHitRequest ? 1 : 0;
            queries.AddRange(body is QueryRequest query ? [query] : []);
        };

        var result = cloud.Search("peer-0", "song", LookupMode.ExpandingRing);

        var expected = Rings.TakeWhile((_, index) => index == 0 || Rings[index - 1] < distances[holder]).ToList();
        Assert.Equal(expected, queries.GroupBy(query => query.Guid).Select(ring => Assert.Single(ring.Select(query => query.Ttl + query.Hops).Distinct())));
        Assert.Equal(holder, Assert.Single(result.Postings).Peer);
        Assert.Equal(sent, result.Messages);
        Assert.Equal(SearchOutcome.Complete, result.Outcome);
    }

    [Fact]
    public void Rings_that_find_nothing_end_with_the_servents_ttl()
    {
        var cloud = ServentCloud.Joined(320, 16, new GnutellaParameters { Ttl = 4, Rings = [1, 2, 6] });
        var ttls = new List<int>();
        cloud.Network.Sending = (_, _, body) => ttls.AddRange(body is QueryRequest query ? [query.Ttl + query.Hops] : []);

        var result = cloud.Search("peer-0", "song", LookupMode.ExpandingRing);

        Assert.Equal([1, 2, 4], ttls.Distinct());
        Assert.Empty(result.Postings);
    }

    [Fact]
    public void Own_file_does_not_end_the_rings()
    {
        var cloud = ServentCloud.Joined(321, 16);
        cloud.Share("peer-0", "song");
        cloud.Share(Distances(cloud.Links(), "peer-0").MaxBy(entry => entry.Value).Key, "song");

        Assert.Equal(2, cloud.Search("peer-0", "song", LookupMode.ExpandingRing).Postings.Count);
    }

    private static Dictionary<string, int> Distances(Dictionary<string, HashSet<string>> links, string origin)
    {
        var distances = new Dictionary<string, int> { [origin] = 0 };
        var queue = new Queue<string>([origin]);
        while (queue.TryDequeue(out var name))
        {
            foreach (var link in links[name].Where(link => distances.TryAdd(link, distances[name] + 1)))
            {
                queue.Enqueue(link);
            }
        }

        return distances;
    }
}
