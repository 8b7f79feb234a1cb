using System.Diagnostics;
using System.Net;
using P2PCloud.Contracts;

namespace P2PCloud.Local.Tests;

public sealed class LeaderFailureTests : IAsyncLifetime
{
    private const int Files = 60;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    /// <summary>
    /// Two heartbeats are missed (3.3 s each at most, with time-outs of 2 s), the child waits up to 0.5 s, probes (1 s), attaches and
    /// uploads (2 s each): 13 s at worst.
    /// </summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Files; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"song number{i}.txt"), $"la la {i}", Limit);
        }

        // The lease is the default, 30 s: the bound does not come from a short one.
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 12, Supernodes = 3, VirtualNodes = 1, Port = 0, ShareFolder = _folder }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task With_one_of_three_leaders_killed_kazaa_finds_every_file_again_within_15_seconds()
    {
        Assert.Equal(Files, await FoundAsync());

        var busiest = (await _http.TopologyAsync(Limit)).Leaders.MaxBy(leader => leader.Children.Count)!;
        Assert.NotEmpty(busiest.Children);
        await _cloud.KillServiceAsync(busiest.Leader);

        var since = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        deadline.CancelAfter(Bound);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await FoundAsync() < Files)
        {
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
        }

        TestContext.Current.SendDiagnosticMessage($"Every file was found again after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s.");
    }

    [Fact]
    public async Task A_leader_that_stops_gracefully_leaves_no_gap_in_any_answer()
    {
        var leader = (await _http.TopologyAsync(Limit)).Leaders.MaxBy(state => state.Children.Count)!.Leader;
        var stopping = _cloud.StopServiceAsync(leader, Limit);
        var answers = new List<int>();
        do
        {
            answers.Add(await FoundAsync());
        }
        while (!stopping.IsCompleted);

        await stopping;
        answers.Add(await FoundAsync());
        Assert.All(answers, found => Assert.Equal(Files, found));
    }

    /// <summary>Number of contents found; 0 while the entry peer has no leader.</summary>
    private async Task<int> FoundAsync()
    {
        try
        {
            return (await _http.LookupAsync("song txt", Techniques.Kazaa, Limit)).Matches.Count;
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            return 0;
        }
    }
}
