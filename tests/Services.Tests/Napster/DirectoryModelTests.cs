using CsCheck;
using Microsoft.Extensions.Options;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Services.Tests.Napster;

/// <summary>The same operations on the index in memory and on Redis give the same answers.</summary>
[Collection(RedisTests.Name)]
public sealed class DirectoryModelTests(RedisFixture redis)
{
    private const int ResultsMax = 6;

    private static readonly DirectoryOptions Settings = new() { FilesPerPeerMax = 8, ResultsMax = ResultsMax };
    private static readonly string[] Contents = ["aa", "ab", "b", "zz"];

    // Private-use and supplementary characters sort differently in UTF-8 and in .NET; control characters part the fields in Redis.
    private static readonly string[] Names =
    [
        "hey jude", "Hey, Jude!", "Hé Jude", "hey", "jude/hey.mp3", "hey \uE000", "hey \U0001F600", "hey \0", "hey \u0001", "hey \u0002",
        "!", "", "hey jude let it be", "ＨＥＹ", "JUDE",
    ];

    private static readonly string[] Queries = ["hey", "jude hey", "HEY jude", "hé", "let it be jude", "nothing", "hey nothing", "", "!"];

    private static readonly Gen<string> Peers = Gen.Int[0, 2].Select(AppIds.Peer);

    private static readonly Gen<SharedFile> Files = Gen.Select(Pick(Contents), Pick(Names), (id, name) =>
        new SharedFile(id, name, id.Length));

    private static readonly Gen<object> Moves = Gen.Frequency<object>(
        (3, Gen.Select(Peers, Gen.Long[-1, 1], (peer, incarnation) => (object)new LoginRequest(peer, incarnation))),
        (8, Gen.Select(Peers, Gen.Long[-1, 1], Files.Array[0, 6], (peer, incarnation, files) =>
            (object)new ShareRequest(peer, incarnation, files))),
        (3, Gen.Select(Peers, Gen.Long[-1, 1], Pick(Contents).Array[0, 3], (peer, incarnation, ids) =>
            (object)new UnshareRequest(peer, incarnation, ids))),
        (1, Gen.Select(Peers, Gen.Long[-1, 1], (peer, incarnation) => (object)new KeepAliveRequest(peer, incarnation))),
        (1, Gen.Select(Peers, Gen.Long[-1, 1], (peer, incarnation) => (object)new LogoutRequest(peer, incarnation))),
        (1, Peers.Select(peer => (object)new LeaseEnds(peer))),
        (1, Gen.Const<object>(new Sweep())));

    [Fact]
    public Task Redis_and_the_reference_answer_alike() => Moves.Array[1, 25].SampleAsync(RunAsync, iter: 100, threads: 1);

    private async Task RunAsync(object[] moves)
    {
        await redis.ClearAsync();
        var model = new IndexModel(Settings.FilesPerPeerMax, ResultsMax);
        var sessions = new RedisSessions(redis.Database.Multiplexer, Options.Create(Settings));
        var index = new RedisIndex(redis.Database.Multiplexer, Options.Create(Settings));
        foreach (var move in moves)
        {
            await MoveAsync(move, model, sessions);
            await CompareAsync(model, index);
        }
    }

    private async Task MoveAsync(object move, IndexModel model, RedisSessions sessions)
    {
        switch (move)
        {
            case LoginRequest login:
                Assert.Equal(model.Ask(login), await sessions.LoginAsync(login, default));
                break;
            case ShareRequest share:
                Assert.Equal(model.Ask(share), await sessions.ShareAsync(share, default));
                break;
            case UnshareRequest unshare:
                Assert.Equal(model.Ask(unshare), await sessions.UnshareAsync(unshare, default));
                break;
            case KeepAliveRequest keep:
                Assert.Equal(model.Ask(keep), await sessions.KeepAliveAsync(keep, default));
                break;
            case LogoutRequest logout:
                model.Ask(logout);
                await sessions.LogoutAsync(logout, default);
                break;
            case LeaseEnds ends:
                model.EndLease(ends.Peer);
                await EndLeaseAsync(ends.Peer);
                break;
            default:
                await sessions.SweepAsync(default);
                break;
        }
    }

    private static async Task CompareAsync(IndexModel model, RedisIndex index)
    {
        foreach (var query in Queries)
        {
            var search = new SearchRequest("", query, query.Length);
            Assert.Equal(model.Ask(search), (await index.SearchAsync(search, default)).Postings);
        }

        foreach (var contentId in Contents)
        {
            var sources = new SourcesRequest(contentId);
            Assert.Equal(model.Ask(sources), (await index.SourcesAsync(sources, default)).Postings);
        }

        foreach (var request in (ListRequest[])[new(1, null), new(3, "aa"), new(100, ""), new(100, "zz")])
        {
            var (expected, actual) = (model.Ask(request), await index.ListAsync(request, default));
            Assert.Equal(expected.Postings, actual.Postings);
            Assert.Equal(expected.Next, actual.Next);
        }
    }

    private async Task EndLeaseAsync(string peer)
    {
        if (((string?)await redis.Database.StringGetAsync($"{{p2p:directory}}:session:{peer}"))?.Split(' ') is [var serial, _])
        {
            await redis.Database.ExecuteAsync("ZADD", "{p2p:directory}:leases", "XX", "1", serial);
        }
    }

    private static Gen<string> Pick(string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private sealed record LeaseEnds(string Peer);

    private sealed record Sweep;
}
