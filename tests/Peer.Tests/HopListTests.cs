using P2PCloud.Contracts;
using P2PCloud.Peer.Lookups;

namespace P2PCloud.Peer.Tests;

public sealed class HopListTests
{
    [Fact]
    public void Hops_are_numbered_breadth_first_with_parents_before_children()
    {
        var leaf = new Hop("c", "d", false, 1);
        var numbered = HopList.Number([new Hop("a", "b", false, 1, Children: [leaf]), new Hop("a", "c", true, 2, HopOutcomes.Unreachable)]);

        Assert.Equal([(0, (int?)null, "b"), (1, null, "c"), (2, 0, "d")], numbered.Select(hop => (hop.Index, hop.Parent, hop.To)));
        Assert.Equal(HopOutcomes.Unreachable, numbered[1].Outcome);
    }

    [Fact]
    public void Postings_of_one_content_are_one_match_with_all_providers()
    {
        var id = new string('a', 64);

        var matches = MatchList.Of([new Posting(id, "x.txt", 3, "peer-2"), new Posting(id, "y.txt", 3, "peer-1"), new Posting(id, "x.txt", 3, "peer-1")]);

        var match = Assert.Single(matches);
        Assert.Equal("x.txt", match.Name);
        Assert.Equal(["peer-1", "peer-2"], match.Providers.Select(provider => provider.Peer));
    }
}
