using System.Net;
using System.Security.Cryptography;
using P2PCloud.Contracts;

namespace P2PCloud.Local.Tests;

/// <summary>A cloud that loses a service which is not on the path of its lookups or transfers.</summary>
public sealed class ServiceLossTests : IAsyncLifetime
{
    private const int Peers = 8;
    private const int LargeBytes = 48 << 20;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly byte[] _large = new byte[LargeBytes];
    private EmbeddedRedis? _redis = new();
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;

    private string Shared => Path.Combine(_folder, "shared");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Shared);
        for (var i = 0; i < Peers; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(Shared, $"song number{i}.txt"), $"la la {i}", Limit);
        }

        for (var i = 0; i < LargeBytes; i += 4096)
        {
            BitConverter.TryWriteBytes(_large.AsSpan(i), i);
        }

        await File.WriteAllBytesAsync(Path.Combine(Shared, "symphony.bin"), _large, Limit);
        var options = new LocalCloudOptions
        {
            Peers = Peers,
            Supernodes = 2,
            VirtualNodes = 2,
            Port = 0,
            Redis = _redis!.Address,
            ShareFolder = Shared,
            DataFolder = Path.Combine(_folder, "data"),
        };
        _cloud = await LocalCloud.StartAsync(options, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
        foreach (var technique in Techniques.All)
        {
            Assert.Equal(Peers, await SongsAsync(technique));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        _redis?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task With_bootstrap_stopped_lookups_of_all_techniques_go_on()
    {
        await _cloud.KillServiceAsync(AppIds.Bootstrap);

        foreach (var technique in Techniques.All)
        {
            Assert.Equal(Peers, await SongsAsync(technique));
        }
    }

    [Fact]
    public async Task With_bootstrap_stopped_a_killed_peer_joins_again_and_its_files_are_found_by_all_techniques()
    {
        await _cloud.KillServiceAsync(AppIds.Bootstrap);
        await _cloud.KillServiceAsync(AppIds.Peer(3));

        await _cloud.RestartPeerAsync(3, Limit);
        await _cloud.WaitUntilReadyAsync(Limit).WaitAsync(TimeSpan.FromMinutes(1), Limit);

        foreach (var technique in Techniques.All)
        {
            await UntilAsync(async () => await SongsAsync(technique) == Peers);
        }
    }

    [Theory]
    [InlineData(AppIds.Directory)]
    [InlineData("redis")]
    public async Task With_the_directory_or_Redis_gone_Napster_refuses_within_a_second_and_the_others_and_transfers_go_on(string lost)
    {
        var found = await _http.LookupAsync("symphony", Techniques.Napster, Limit);
        using var transfer = await _http.GetAsync(
            new Uri($"/api/v1/files/{Assert.Single(found.Matches).ContentId}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Limit);
        await using var body = await transfer.Content.ReadAsStreamAsync(Limit);
        var start = new byte[4096];
        await body.ReadExactlyAsync(start, Limit);

        await LoseAsync(lost);

        for (var lookup = 0; lookup < 3; lookup++)
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(Limit);
            soon.CancelAfter(RefusedWithin);
            using var refused = await _http.GetAsync(new Uri("/api/v1/lookups?q=song&technique=napster", UriKind.Relative), soon.Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains("directory does not answer", await refused.Content.ReadAsStringAsync(Limit), StringComparison.Ordinal);
        }

        foreach (var technique in Techniques.All.Where(technique => technique != Techniques.Napster))
        {
            Assert.Equal(Peers, await SongsAsync(technique));
        }

        using var rest = new MemoryStream();
        await body.CopyToAsync(rest, Limit);
        Assert.Equal(SHA256.HashData(_large), SHA256.HashData([.. start, .. rest.ToArray()]));
    }

    private async Task LoseAsync(string lost)
    {
        if (lost == AppIds.Directory)
        {
            await _cloud.KillServiceAsync(lost);
        }
        else
        {
            _redis!.Dispose();
            _redis = null;
        }
    }

    private async Task<int> SongsAsync(string technique) =>
        (await _http.LookupAsync("song txt", technique, Limit, from: AppIds.Peer(0))).Matches.Count;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(holds, bound.Token);
    }
}
