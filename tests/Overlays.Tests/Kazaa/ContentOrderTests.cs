using CsCheck;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Overlays.Tests.Kazaa;

public class ContentOrderTests
{
    private static readonly Gen<Posting> Any = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, 4], (content, name, peer) => new Posting($"c{content}", $"song {name}", 1, $"peer-{peer}"));

    [Fact]
    public void Names_of_one_content_do_not_displace_another_content()
    {
        var many = Enumerable.Range(0, 50).Select(name => new Posting("a", $"a song {name:d2}", 1, "peer-0"));

        var kept = many.Append(new Posting("z", "z song", 1, "peer-1")).ContentsFirst(10);

        Assert.Equal(10, kept.Count);
        Assert.Contains(kept, posting => posting.ContentId == "z");
    }

    [Fact]
    public void Sources_come_before_further_names()
    {
        Posting[] postings = [new("a", "one", 1, "peer-0"), new("a", "two", 1, "peer-0"), new("a", "zwei", 1, "peer-1")];

        Assert.Equal(["peer-0", "peer-1"], postings.ContentsFirst(2).Select(posting => posting.Peer));
    }

    [Fact]
    public void An_answer_has_as_many_contents_as_its_limit_allows_in_the_common_order() =>
        Gen.Select(Any.List[0, 60], Gen.Int[0, 40]).Sample((postings, limit) =>
        {
            var kept = postings.ContentsFirst(limit);
            var contents = postings.Select(posting => posting.ContentId).Distinct().Count();
            return kept.Count == Math.Min(limit, postings.Distinct().Count())
                && kept.Select(posting => posting.ContentId).Distinct().Count() == Math.Min(limit, contents)
                && kept.SequenceEqual(kept.InCommonOrder(int.MaxValue))
                && kept.All(postings.Contains);
        });

    [Fact]
    public void A_search_among_leaders_counts_a_content_once_whatever_its_names_are()
    {
        var cloud = LeaderCloud.Ready(1, 3, 6);
        var names = Enumerable.Range(0, 200).Select(name => new SharedFile("c", $"a song {name}", 1)).ToList();
        cloud.Network.Ask("peer-1", new ShareCommand(names));

        var found = cloud.Network.Ask("peer-0", new SearchCommand("song", 10)).Postings;

        Assert.Equal(10, found.Count);
        Assert.Equal(7, found.Select(posting => posting.ContentId).Distinct().Count());
    }
}
