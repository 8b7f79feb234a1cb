using System.Net;
using P2PCloud.Contracts;

namespace P2PCloud.Local.Tests;

public sealed class DepartureTests : IAsyncLifetime
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;
    private IReadOnlyList<string> _before = [];

    public async ValueTask InitializeAsync()
    {
        // 64 files, every fifth of them at a second peer: 77 providers in all.
        for (var i = 0; i < 64; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"song number{i}.txt"), $"la la {i}", Limit);
        }

        _cloud = await LocalCloud.StartAsync(new LocalCloudOptions { Port = 0, ShareFolder = _folder, Lease = Lease }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
        _before = await FoundAsync(Techniques.Napster);
        Assert.Equal(77, _before.Count);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_peer_that_stops_gracefully_takes_its_own_files_out_at_once_and_loses_nobody_elses()
    {
        await _cloud.StopServiceAsync("peer-4", Limit);

        foreach (var technique in Techniques.All)
        {
            Assert.Equal(Expected("peer-4"), await FoundAsync(technique));
        }
    }

    [Fact]
    public async Task A_killed_peers_files_are_gone_within_its_lease_and_no_other_posting_is_lost()
    {
        await _cloud.KillServiceAsync("peer-4");

        foreach (var technique in Techniques.All)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Limit);
            deadline.CancelAfter(Lease * 2);
            await UntilAsync(async () => (await FoundAsync(technique)).SequenceEqual(Expected("peer-4")), deadline.Token);
        }
    }

    [Fact]
    public async Task A_killed_leaders_children_are_found_again_through_the_other_leaders()
    {
        await _cloud.KillServiceAsync("supernode-1");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        deadline.CancelAfter(Lease * 4);
        await UntilAsync(async () => (await FoundAsync(Techniques.Kazaa)).SequenceEqual(Expected(null)), deadline.Token);
    }

    /// <summary>Names with their providers as they were before, without those of one peer.</summary>
    private IEnumerable<string> Expected(string? without) => _before.Where(entry => without is null || !entry.EndsWith($" at {without}", StringComparison.Ordinal));

    private async Task<IReadOnlyList<string>> FoundAsync(string technique)
    {
        var found = await _http.LookupAsync("song txt", technique, Limit, from: "peer-0");
        return
        [
            .. found.Matches.SelectMany(match => match.Providers.Select(provider => $"{match.Name} at {provider.Peer}")).Order(StringComparer.Ordinal),
        ];
    }

    private static Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(() => HoldsAsync(holds), cancellationToken);

    /// <summary>A lookup that is refused with 503, as at a child whose leader has died, is no answer yet.</summary>
    private static async Task<bool> HoldsAsync(Func<Task<bool>> holds)
    {
        try
        {
            return await holds();
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }
    }
}
