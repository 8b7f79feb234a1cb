using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Common;

public class FileIndexTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Expiry = Start + TimeSpan.FromSeconds(30);
    private readonly FileIndex _index = new(filesPerPeerMax: 10);

    [Fact]
    public void Search_returns_what_has_every_word_in_the_common_order()
    {
        Open("b", "hey jude", "hey you");
        Open("a", "hey jude", "a hey jude");

        Assert.Equal(
            [("a hey jude", "a"), ("hey jude", "a"), ("hey jude", "b")], Found("hey jude").Select(posting => (posting.Name, posting.Peer)));
    }

    [Fact]
    public void Search_without_words_finds_nothing()
    {
        Open("a", "song");

        Assert.Empty(_index.Search([], 10, Start));
    }

    [Fact]
    public void Session_ends_at_its_expiry_and_not_before()
    {
        Open("a", "song");

        Assert.Single(_index.Search(["song"], 10, Expiry - TimeSpan.FromTicks(1)));
        Assert.Empty(_index.Search(["song"], 10, Expiry));
        Assert.False(_index.Renew("a", 1, Expiry, Expiry + TimeSpan.FromSeconds(30)));
        Assert.Equal(["a"], _index.Expire(Expiry));
        Assert.Equal(0, _index.Count);
    }

    [Fact]
    public void Renewed_session_lives_on()
    {
        Open("a", "song");

        Assert.True(_index.Renew("a", 1, Start, Expiry + TimeSpan.FromSeconds(1)));

        Assert.Single(_index.Search(["song"], 10, Expiry));
    }

    [Fact]
    public void Session_of_a_newer_epoch_replaces_the_older_and_refuses_its_late_messages()
    {
        Open("a", "old");

        Assert.True(_index.Open("a", 2, Expiry));

        Assert.Empty(Found("old"));
        Assert.False(_index.Add("a", 1, [Sample.File("late")], Start));
        Assert.False(_index.Remove("a", 1, [], Start));
        Assert.False(_index.Open("a", 1, Expiry));
        _index.Close("a", 1);
        Assert.True(_index.Has("a", 2, Start));
    }

    [Fact]
    public void Session_that_is_opened_twice_keeps_its_files()
    {
        Open("a", "song");

        Assert.True(_index.Open("a", 1, Expiry + TimeSpan.FromSeconds(1)));

        Assert.Single(Found("song"));
        Assert.Equal([], _index.Expire(Expiry));
    }

    [Fact]
    public void Remove_takes_a_content_out_under_all_its_names_at_this_peer_only()
    {
        Open("a");
        Open("b");
        _index.Add("a", 1, [new SharedFile("c", "song one", 1), new SharedFile("c", "song two", 1)], Start);
        _index.Add("b", 1, [new SharedFile("c", "song one", 1)], Start);

        _index.Remove("a", 1, ["c"], Start);

        Assert.Equal(["b"], Found("song").Select(posting => posting.Peer));
    }

    [Fact]
    public void Close_takes_everything_of_the_peer_out()
    {
        Open("a", "song one", "song two");

        _index.Close("a", 1);

        Assert.Empty(Found("song"));
        Assert.Empty(_index.Sources(Sample.File("song one").ContentId, 10, Start));
        Assert.Equal(0, _index.Count);
    }

    [Fact]
    public void Files_beyond_the_limit_of_a_peer_are_left_out()
    {
        Open("a", [.. Enumerable.Range(0, 15).Select(number => $"song {number}")]);

        Assert.Equal(10, _index.Count);
    }

    [Fact]
    public void List_pages_go_through_every_content_once()
    {
        Open("a", "one", "two", "three");
        Open("b", "two", "four");
        var seen = new List<Posting>();
        string? after = null;
        do
        {
            var page = _index.List(2, after, Start);
            seen.AddRange(page.Postings);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.Select(posting => posting.ContentId).Order(StringComparer.Ordinal), seen.Select(posting => posting.ContentId));
    }

    private void Open(string peer, params string[] names)
    {
        _index.Open(peer, 1, Expiry);
        _index.Add(peer, 1, names.Select(name => Sample.File(name)), Start);
    }

    private IReadOnlyList<Posting> Found(string query) => _index.Search(SearchTerms.Words(query), 10, Start);
}
