using Microsoft.Extensions.Options;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Services.Tests.Napster;

[Collection(RedisTests.Name)]
public sealed class DirectoryTests(RedisFixture redis) : IAsyncLifetime
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private RedisSessions _sessions = null!;
    private RedisIndex _index = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.ClearAsync();
        _sessions = await ReplicaAsync(TimeSpan.FromSeconds(30));
        _index = new RedisIndex(await redis.ConnectAsync(), Options.Create(new DirectoryOptions()));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task All_words_must_match_without_case_and_accents()
    {
        await ShareAsync("peer-1", "Café del Mar.mp3", "Mar y Sol.mp3", "cafe.txt");

        Assert.Equal(["Café del Mar.mp3"], await NamesAsync("MAR cafe"));
        Assert.Equal(["Café del Mar.mp3", "cafe.txt"], await NamesAsync("CAFÉ"));
        Assert.Empty(await NamesAsync("cafe sol"));
        Assert.Empty(await NamesAsync("  ,  "));
    }

    [Fact]
    public async Task A_search_answers_the_first_100_in_the_common_order()
    {
        await ShareAsync("peer-1", [.. Enumerable.Range(0, 300).Select(number => $"song {999 - number}")]);

        Assert.Equal(Enumerable.Range(700, 100).Select(number => $"song {number}"), await NamesAsync("song", limit: 1000));
        Assert.Equal(["song 700", "song 701"], await NamesAsync("song", limit: 2));
        Assert.Empty(await NamesAsync("song", limit: -1));
    }

    [Fact]
    public async Task A_match_is_found_behind_any_number_of_candidates()
    {
        const int Many = (2 * RedisIndex.CandidatesMax) + 7;
        await ShareAsync("peer-1", [.. Enumerable.Range(0, Many).Select(number => $"left a{number:d5}")]);
        await ShareAsync("peer-2", [.. Enumerable.Range(0, Many).Select(number => $"right a{number:d5}"), "zz left right"]);

        Assert.Equal(["zz left right"], await NamesAsync("left right"));
    }

    [Fact]
    public async Task Sources_are_the_postings_of_one_content_at_all_peers()
    {
        await LoginAsync("peer-1", 1);
        await LoginAsync("peer-2", 1);
        await _sessions.ShareAsync(new ShareRequest("peer-1", 1, [new("cc", "b", 3), new("cc", "a", 3), new("dd", "a", 4)]), Limit);
        await _sessions.ShareAsync(new ShareRequest("peer-2", 1, [new("cc", "a", 3)]), Limit);

        var sources = await _index.SourcesAsync(new SourcesRequest("cc"), Limit);

        Assert.Equal([("a", "peer-1"), ("a", "peer-2"), ("b", "peer-1")], sources.Postings.Select(posting => (posting.Name, posting.Peer)));
    }

    [Fact]
    public async Task Pages_of_a_list_are_whole_contents_and_together_everything()
    {
        await LoginAsync("peer-1", 1);
        await LoginAsync("peer-2", 1);
        SharedFile[] files = [.. Enumerable.Range(0, 250).Select(number => new SharedFile($"{number:x64}", $"file {number}", number))];
        await _sessions.ShareAsync(new ShareRequest("peer-1", 1, files), Limit);
        await _sessions.ShareAsync(new ShareRequest("peer-2", 1, files), Limit);

        var (all, pages, after) = (new List<Posting>(), 0, (string?)null);
        do
        {
            var page = await _index.ListAsync(new ListRequest(101, after), Limit);
            Assert.InRange(page.Postings.Count, 1, 102);
            (pages, after) = (pages + 1, page.Next);
            all.AddRange(page.Postings);
        }
        while (after is not null);

        Assert.Equal(files.SelectMany(file => (Posting[])[Posting.Of(file, "peer-1"), Posting.Of(file, "peer-2")]), all);
        Assert.Equal(5, pages);
    }

    [Fact]
    public async Task A_late_message_of_an_older_session_is_gone()
    {
        await LoginAsync("peer-1", 1);
        await LoginAsync("peer-1", 2);

        Assert.True((await _sessions.ShareAsync(new ShareRequest("peer-1", 1, [new("cc", "late", 1)]), Limit)).Gone);
        Assert.True((await _sessions.KeepAliveAsync(new KeepAliveRequest("peer-1", 1), Limit)).Gone);
        Assert.True((await _sessions.UnshareAsync(new UnshareRequest("peer-1", 1, ["cc"]), Limit)).Gone);
        Assert.True((await _sessions.LoginAsync(new LoginRequest("peer-1", 1), Limit)).Gone);
        await _sessions.LogoutAsync(new LogoutRequest("peer-1", 1), Limit);
        Assert.False((await _sessions.KeepAliveAsync(new KeepAliveRequest("peer-1", 2), Limit)).Gone);
        Assert.Empty(await NamesAsync("late"));
    }

    [Fact]
    public async Task A_session_whose_lease_ended_is_in_no_answer()
    {
        var impatient = await ReplicaAsync(TimeSpan.FromMilliseconds(300));
        await ShareAsync("peer-1", "here to stay");
        await impatient.LoginAsync(new LoginRequest("peer-2", 5), Limit);
        await impatient.ShareAsync(new ShareRequest("peer-2", 5, [new("cc", "here to go", 1)]), Limit);

        await Eventually.BecomesTrueAsync(async () => (await NamesAsync("here")).Count == 1, "the lease ends");

        Assert.Equal(["here to stay"], await NamesAsync("here"));
        Assert.Empty((await _index.SourcesAsync(new SourcesRequest("cc"), Limit)).Postings);
        Assert.Single((await _index.ListAsync(new ListRequest(10, null), Limit)).Postings);
        Assert.True((await _sessions.KeepAliveAsync(new KeepAliveRequest("peer-2", 5), Limit)).Gone);
        Assert.False((await _sessions.LoginAsync(new LoginRequest("peer-2", 1), Limit)).Gone);
        Assert.Equal(["here to stay"], await NamesAsync("here"));
    }

    [Fact]
    public async Task Logout_removes_all_postings_at_once()
    {
        const int Files = 60;
        for (var round = 0; round < 10; round++)
        {
            await LoginAsync("peer-1", round);
            await _sessions.ShareAsync(new ShareRequest("peer-1", round, Songs(Files)), Limit);

            var searches = Enumerable.Range(0, 20).Select(_ => NamesAsync("song")).ToList();
            var logout = _sessions.LogoutAsync(new LogoutRequest("peer-1", round), Limit);
            searches.AddRange(Enumerable.Range(0, 20).Select(_ => NamesAsync("song")));
            await logout;

            Assert.All(await Task.WhenAll(searches), names => Assert.True(names.Count is 0 or Files, $"{names.Count} of {Files} postings"));
            Assert.Empty(await NamesAsync("song"));
        }
    }

    [Fact]
    public async Task Concurrent_logins_through_two_replicas_leave_the_newest_session()
    {
        RedisSessions[] replicas = [_sessions, await ReplicaAsync(TimeSpan.FromSeconds(30))];
        for (var peer = 0; peer < 20; peer++)
        {
            var (app, word) = (AppIds.Peer(peer), $"song{peer}");
            await Task.WhenAll(Enumerable.Range(1, 10).Select(async incarnation =>
            {
                var replica = replicas[incarnation % 2];
                await replica.LoginAsync(new LoginRequest(app, incarnation), Limit);
                await replica.ShareAsync(new ShareRequest(app, incarnation, [new("cc", $"{word} {incarnation}", 1)]), Limit);
            }));

            Assert.Equal([$"{word} 10"], await NamesAsync(word));
        }
    }

    [Fact]
    public async Task Sweeping_frees_all_memory_of_ended_sessions()
    {
        for (var incarnation = 0; incarnation < 3; incarnation++)
        {
            await LoginAsync("peer-1", incarnation);
            await _sessions.ShareAsync(new ShareRequest("peer-1", incarnation, Songs(450)), Limit);
        }

        await _sessions.LogoutAsync(new LogoutRequest("peer-1", 2), Limit);
        Assert.Equal((0, 3 * 450), await _sessions.SweepAsync(Limit));

        Assert.Equal(["{p2p:directory}:serial"], await redis.KeysAsync());
        Assert.Equal((0, 0), await _sessions.SweepAsync(Limit));
    }

    [Fact]
    public async Task Sweeping_spares_live_sessions_and_counts_expired_ones()
    {
        var impatient = await ReplicaAsync(TimeSpan.FromMilliseconds(100));
        await ShareAsync("peer-1", "song");
        await impatient.LoginAsync(new LoginRequest("peer-2", 1), Limit);

        await Eventually.BecomesTrueAsync(async () => (await _sessions.SweepAsync(Limit)).Sessions == 1, "the session expires");

        Assert.Equal(["song"], await NamesAsync("song"));
    }

    private static SharedFile[] FilesOf(IEnumerable<string> names) =>
        [.. names.Select((name, index) => new SharedFile($"{index:x64}", name, index))];

    private static SharedFile[] Songs(int count) => FilesOf(Enumerable.Range(0, count).Select(number => $"song {number}"));

    private async Task ShareAsync(string peer, params string[] names)
    {
        await LoginAsync(peer, 1);
        Assert.Equal(new SessionReply(false, 30_000), await _sessions.ShareAsync(new ShareRequest(peer, 1, FilesOf(names)), Limit));
    }

    private async Task LoginAsync(string peer, long incarnation) =>
        Assert.False((await _sessions.LoginAsync(new LoginRequest(peer, incarnation), Limit)).Gone);

    private async Task<IReadOnlyList<string>> NamesAsync(string query, int limit = 100) =>
        [.. (await _index.SearchAsync(new SearchRequest("1", query, limit), Limit)).Postings.Select(posting => posting.Name)];

    private async Task<RedisSessions> ReplicaAsync(TimeSpan lease) =>
        new(await redis.ConnectAsync(), Options.Create(new DirectoryOptions { Lease = lease }));
}
