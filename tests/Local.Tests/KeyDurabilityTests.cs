using System.Collections.Concurrent;
using System.Net;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Local.Tests;

public sealed class KeyDurabilityTests : IAsyncLifetime
{
    private const int Peers = 20;
    private const int VirtualNodes = 2;
    private const int Copies = 3;
    private const int Left = 5;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly IReadOnlyList<string> Keys = [.. Enumerable.Range(0, 200).Select(number => $"key-{number}")];

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;
    private Ring _ring = null!;

    public async ValueTask InitializeAsync()
    {
        // One file at each peer: at the same positions as the peers, since the spread goes by the order of the names.
        for (var i = 0; i < Peers; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{FileOf(i)}.txt"), $"la la {i}", Limit);
        }

        _bound.CancelAfter(Bound * 2);
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = Peers, Supernodes = 1, VirtualNodes = VirtualNodes, Port = 0, ShareFolder = _folder }, null, _bound.Token);
        await _cloud.WaitUntilReadyAsync(_bound.Token);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
        _ring = await Ring.WaitAsync(_http, Peers * VirtualNodes, _bound.Token);
        foreach (var key in Keys)
        {
            Assert.Equal(Copies, (await _http.PutKeyAsync(key, ValueOf(key), _bound.Token)).Copies);
        }

        _bound.CancelAfter(Bound);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_key_is_readable_again_after_30_percent_of_the_peers_died_at_once_and_is_never_called_missing()
    {
        var victims = Victims(new SplitMix64(1), count: Peers * 3 / 10);

        await Task.WhenAll(victims.Select(_cloud.KillServiceAsync));

        while (!await AllAreReadableAsync())
        {
            // The next pass asks again for all keys, also for those that were read: none may be lost later.
        }

        await Ring.WaitAsync(_http, (Peers - victims.Count) * VirtualNodes, _bound.Token);
        Assert.True(await AllAreReadableAsync());
    }

    [Fact]
    public Task No_key_is_lost_and_no_read_or_lookup_that_enters_at_a_peer_that_stays_fails_twice_while_20_peers_become_5() =>
        ScaleDownAsync(round => AppIds.Peer(round % Left));

    [Fact]
    public Task No_key_is_lost_and_no_read_or_lookup_that_enters_where_the_gateway_chooses_fails_twice_while_20_peers_become_5() =>
        ScaleDownAsync(_ => null);

    private static string FileOf(int peer) => $"song number{peer:d2}";

    private static string ValueOf(string key) => $"value of {key}";

    /// <summary>
    /// Stops peers gracefully one after the other, highest number first. While one stops, and while the ring of those that stay forms, there
    /// are reads and lookups, at least one of each.
    /// </summary>
    /// <param name="entryOf">The entry peer of the n-th operation of each; null: the gateway chooses.</param>
    private async Task ScaleDownAsync(Func<int, string?> entryOf)
    {
        var failures = new ConcurrentQueue<string>();
        var (reads, lookups) = (0, 0);
        Func<Task, Task> during = change => Task.WhenAll(
            change,
            RepeatAsync(() => ReadAsync(Keys[reads % Keys.Count], entryOf(reads++), failures), change),
            RepeatAsync(() => LookUpAsync(lookups % Left, entryOf(++lookups), failures), change));

        for (var peer = Peers - 1; peer >= Left; peer--)
        {
            await during(_cloud.StopServiceAsync(AppIds.Peer(peer), _bound.Token));
        }

        await during(Ring.WaitAsync(_http, Left * VirtualNodes, _bound.Token));
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        foreach (var key in Keys)
        {
            Assert.Equal((HttpStatusCode.OK, ValueOf(key)), await _http.GetKeyAsync(key, _bound.Token));
        }
    }

    /// <summary>Peers chosen again until each key has a copy at another one.</summary>
    private List<string> Victims(SplitMix64 random, int count)
    {
        List<string> victims;
        do
        {
            victims = random.Sample(Enumerable.Range(0, Peers).Select(AppIds.Peer), count);
        }
        while (Keys.Any(key => _ring.HoldersOf(key, Copies).All(victims.Contains)));
        return victims;
    }

    /// <summary>Reads every key once. An answer that is neither the value nor an explicit failure to reach it fails the test.</summary>
    /// <returns>Whether all values were read.</returns>
    private async Task<bool> AllAreReadableAsync()
    {
        var answers = new ConcurrentDictionary<string, (HttpStatusCode, string Body)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Keys, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = _bound.Token }, async (key, cancellationToken) =>
            answers[key] = await _http.GetKeyAsync(key, cancellationToken));
        Assert.All(answers, answer =>
        {
            var (status, body) = answer.Value;
            Assert.True(
                status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway, $"{answer.Key} answers {status}: {body}");
            Assert.True(status is not HttpStatusCode.OK || body == ValueOf(answer.Key), $"{answer.Key} reads as '{body}'.");
        });
        return answers.Values.All(answer => answer.Item1 is HttpStatusCode.OK);
    }

    private Task ReadAsync(string key, string? from, ConcurrentQueue<string> failures) => TwiceAsync(failures, async () =>
    {
        var (status, body) = await _http.GetKeyAsync(key, _bound.Token, from);
        return (status, body) == (HttpStatusCode.OK, ValueOf(key)) ? null : $"{key}: {status} {body}";
    });

    /// <summary>Looks up the file of a peer that stays.</summary>
    private Task LookUpAsync(int peer, string? from, ConcurrentQueue<string> failures) => TwiceAsync(failures, async () =>
    {
        try
        {
            var found = await _http.LookupAsync(FileOf(peer), Techniques.Chord, _bound.Token, from);
            return found.Complete && found.Matches.Any(match => match.Providers.Any(provider => provider.Peer == AppIds.Peer(peer)))
                ? null
                : $"{FileOf(peer)}: complete {found.Complete}, {found.Matches.Count} matches";
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
    });

    /// <summary>Tries something, and once more after a short delay when there was a failure; notes a second failure.</summary>
    private async Task TwiceAsync(ConcurrentQueue<string> failures, Func<Task<string?>> attempt)
    {
        if (await attempt() is { } first)
        {
            await Task.Delay(RetryDelay, TimeProvider.System, _bound.Token);
            if (await attempt() is { } second)
            {
                failures.Enqueue($"{first}; again: {second}");
            }
        }
    }

    /// <summary>Does something at least once, and again until a change is over; what is under way then ends first.</summary>
    private static async Task RepeatAsync(Func<Task> act, Task change)
    {
        do
        {
            await act();
        }
        while (!change.IsCompleted);
    }
}
