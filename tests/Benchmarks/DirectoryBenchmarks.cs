using System.Globalization;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Local;
using StackExchange.Redis;

namespace P2PCloud.Benchmarks;

/// <summary>
/// What a search of the central directory costs as the files grow, as a multiple of a round trip to Redis that does nothing (PING). On
/// the server that P2PCLOUD_TEST_REDIS names, whose data are deleted, or the embedded one.
/// </summary>
[Config(typeof(RatioConfig))]
public class DirectoryBenchmarks
{
    private const int PerPeer = 10_000;
    private const int PerMessage = 2000;
    private const int PerArtist = 100;
    private const int Tracks = 20;
    private const int Sides = 2;
    private const int Limit = 100;

    /// <summary>Key: how many files are shared, so that the benchmarks of one size can follow each other without sharing again.</summary>
    private const string Shared = "benchmark:files";

    private Func<Task> _stop = () => Task.CompletedTask;
    private IDatabase _database = null!;
    private RedisIndex _index = null!;
    private int _turn;

    /// <summary>Files in the index, 10,000 at each peer.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Files { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        var given = Environment.GetEnvironmentVariable("P2PCLOUD_TEST_REDIS");
        var embedded = string.IsNullOrEmpty(given) ? new EmbeddedRedis() : null;
        var connection = await ConnectionMultiplexer.ConnectAsync($"{embedded?.Address ?? given},allowAdmin=true,asyncTimeout=60000");
        _database = connection.GetDatabase();
        _stop = async () =>
        {
            await connection.DisposeAsync();
            embedded?.Dispose();
        };
        var options = Options.Create(new DirectoryOptions { Lease = TimeSpan.FromMinutes(5) });
        var sessions = new RedisSessions(connection, options);
        _index = new RedisIndex(connection, options);
        if (await _database.StringGetAsync(Shared) != Files || !await AreLiveAsync(sessions))
        {
            await _database.ExecuteAsync("FLUSHDB");
            await ShareAsync(sessions);
            await _database.StringSetAsync(Shared, Files);
        }
    }

    [GlobalCleanup]
    public Task StopAsync() => _stop();

    /// <summary>One round trip.</summary>
    [Benchmark(Baseline = true)]
    public Task<TimeSpan> Ping() => _database.PingAsync();

    /// <summary>One file by a word of its own.</summary>
    [Benchmark]
    public Task<int> OneFile() => SearchAsync($"take{Next(Files)}", 1);

    /// <summary>Two words: the 100 files of an artist, which all have the other word.</summary>
    [Benchmark]
    public Task<int> OneArtist() => SearchAsync($"artist{Next(Files / PerArtist)} mp3", Limit);

    /// <summary>A word that all files have: the first 100.</summary>
    [Benchmark]
    public Task<int> EveryFile() => SearchAsync("mp3", Limit);

    /// <summary>Two words of which the rarer one is in 5 % of all files: the first 100.</summary>
    [Benchmark]
    public Task<int> ManyFiles() => SearchAsync($"mp3 track{Next(Tracks)}", Limit);

    /// <summary>The worst case: two frequent words that no file has together. All postings of the rarer one, 5 % of the files, are examined.</summary>
    [Benchmark]
    public Task<int> NeverTogether() => SearchAsync($"side1 track{Next(Tracks / Sides) * Sides}", 0);

    private static SharedFile FileOf(int number) => new(
        number.ToString("x64", CultureInfo.InvariantCulture),
        $"take{number} artist{number / PerArtist} side{number % Sides} track{number % Tracks} mp3",
        number);

    private async Task ShareAsync(RedisSessions sessions)
    {
        for (var first = 0; first < Files; first += PerPeer)
        {
            var peer = AppIds.Peer(first / PerPeer);
            await sessions.LoginAsync(new LoginRequest(peer, 1), default);
            foreach (var batch in Enumerable.Range(first, PerPeer).Select(FileOf).Chunk(PerMessage))
            {
                await sessions.ShareAsync(new ShareRequest(peer, 1, batch), default);
            }
        }

        if (!await AreLiveAsync(sessions))
        {
            throw new InvalidOperationException("Sharing took longer than the lease.");
        }
    }

    /// <summary>Renews all sessions.</summary>
    private async Task<bool> AreLiveAsync(RedisSessions sessions)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, Files / PerPeer).Select(
            peer => sessions.KeepAliveAsync(new KeepAliveRequest(AppIds.Peer(peer), 1), default)));
        return replies.All(reply => !reply.Gone);
    }

    private int Next(int count) => (_turn = (_turn + 7919) & int.MaxValue) % count;

    private async Task<int> SearchAsync(string query, int expected)
    {
        var found = await _index.SearchAsync(new SearchRequest("1", query, Limit), default);
        return found.Postings.Count == expected
            ? expected
            : throw new InvalidOperationException($"'{query}' found {found.Postings.Count} files instead of {expected}.");
    }
}
