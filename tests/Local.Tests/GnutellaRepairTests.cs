using System.Net;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Local.Tests;

public sealed class GnutellaRepairTests : IAsyncLifetime
{
    private const int Peers = 20;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        // One file at each peer.
        for (var i = 0; i < Peers; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"song number{i:d2}.txt"), $"la la {i}", Limit);
        }

        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = Peers, Supernodes = 1, VirtualNodes = 1, Port = 0, ShareFolder = _folder }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
        await UntilAnsweredByAsync([.. Enumerable.Range(0, Peers).Select(AppIds.Peer)], AppIds.Peer(0), Limit);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_flood_reaches_all_survivors_again_within_30_seconds_after_25_percent_of_the_peers_died_at_once()
    {
        var victims = new SplitMix64(1).Sample(Enumerable.Range(0, Peers).Select(AppIds.Peer), Peers / 4);
        List<string> survivors = [.. Enumerable.Range(0, Peers).Select(AppIds.Peer).Except(victims)];
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Limit);

        await Task.WhenAll(victims.Select(_cloud.KillServiceAsync));
        bound.CancelAfter(Bound);

        await UntilAnsweredByAsync(survivors, survivors[0], bound.Token);
    }

    [Theory]
    [InlineData("flood")]
    [InlineData("expanding-ring")]
    [InlineData("random-walk")]
    public async Task A_mode_is_chosen_through_the_gateway_and_finds_a_file(string mode)
    {
        var found = await _http.LookupAsync("song number07", Techniques.Gnutella, Limit, from: "peer-0", mode: mode);

        Assert.Equal("peer-7", Assert.Single(Assert.Single(found.Matches).Providers).Peer);
        Assert.True(found.Complete);
        Assert.InRange(found.Messages, found.Hops.Count, int.MaxValue);
    }

    [Fact]
    public async Task An_expanding_ring_asks_fewer_nodes_than_a_flood_for_what_is_next_door()
    {
        var flood = await _http.LookupAsync("song", Techniques.Gnutella, Limit, from: "peer-0", mode: "flood");
        var ring = await _http.LookupAsync("song", Techniques.Gnutella, Limit, from: "peer-0", mode: "expanding-ring");

        Assert.True(ring.Messages < flood.Messages, $"{ring.Messages} and {flood.Messages} messages");
    }

    [Fact]
    public async Task A_mode_of_another_technique_is_refused_with_the_modes_of_this_one()
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => _http.LookupAsync("song", Techniques.Gnutella, Limit, mode: "iterative"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("flood, expanding-ring, random-walk", refused.Message, StringComparison.Ordinal);
    }

    private async Task UntilAnsweredByAsync(IReadOnlyList<string> peers, string from, CancellationToken cancellationToken)
    {
        while (!(await AnsweringAsync(from, cancellationToken)).SetEquals(peers))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The peers that answer a query that every peer's file matches; none when the entry peer refuses.</summary>
    private async Task<HashSet<string>> AnsweringAsync(string from, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _http.LookupAsync("song", Techniques.Gnutella, cancellationToken, from);
            return [.. found.Matches.SelectMany(match => match.Providers.Select(provider => provider.Peer))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }
}
