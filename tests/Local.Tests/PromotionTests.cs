using System.Net;
using Microsoft.Extensions.Configuration;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

public sealed class PromotionTests : IAsyncLifetime
{
    private const int Files = 30;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Files; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"song number{i}.txt"), $"la la {i}", Limit);
        }

        var options = new LocalCloudOptions
        {
            Peers = 6,
            Supernodes = 2,
            VirtualNodes = 1,
            Port = 0,
            ShareFolder = _folder,
            Lease = TimeSpan.FromSeconds(2),
            Configure = (_, builder) => builder.Configuration.AddInMemoryCollection([new("Overlays:KazaaMinUptime", "00:00:00")]),
        };
        _cloud = await LocalCloud.StartAsync(options, null, Limit);
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
    public async Task When_all_leaders_are_killed_a_peer_leads_and_every_file_is_found_again()
    {
        await _cloud.KillServiceAsync(AppIds.Supernode(0));
        await _cloud.KillServiceAsync(AppIds.Supernode(1));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        IReadOnlyList<LeaderState> leaders = [];
        while (await FoundAsync() < Files || leaders.Count == 0)
        {
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
            leaders = (await _http.TopologyAsync(Limit)).Leaders;
        }

        Assert.All(leaders, leader => Assert.StartsWith("peer-", leader.Leader, StringComparison.Ordinal));
        Assert.NotEmpty(leaders.SelectMany(leader => leader.Children));
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
