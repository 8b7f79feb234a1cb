using System.Net;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Gateway.Tests.Fakes;
using static P2PCloud.Gateway.Tests.Fakes.KeyRequests;

namespace P2PCloud.Gateway.Tests;

public sealed class KeyTests
{
    private const string Tag = "\"0000000000000007-peer-3#1\"";
    private static readonly KeyVersion Version = new(7, "peer-3#1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_written_value_is_answered_with_its_version()
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version, Owner: "peer-3#1", Copies: 3, Hops: 2));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Put, "greeting", [1, 0, 255]);

        Assert.Equal(new KeyWritten("greeting", "0000000000000007-peer-3#1", "peer-3#1", 3, 2), await response.ReadAsync<KeyWritten>());
        Assert.Equal(Tag, response.Headers.ETag?.ToString());
        Assert.Equal([1, 0, 255], peer.Written!);
    }

    [Fact]
    public async Task A_value_is_read_as_the_bytes_that_were_written()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version, [1, 0, 255], Owner: "peer-3#1", Copies: 2, Hops: 1));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Get, "greeting");

        Assert.Equal([1, 0, 255], await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Tag, response.Headers.ETag?.ToString());
        Assert.Equal("peer-3#1", Assert.Single(response.Headers.GetValues("P2PCloud-Owner")));
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("P2PCloud-Copies")));
    }

    [Fact]
    public async Task A_deleted_key_is_answered_without_a_body()
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Delete, "greeting");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(("DELETE", "greeting"), (Assert.Single(peer.Requests).Method, peer.Requests.First().Query["key"]));
    }

    [Theory]
    [InlineData(65_536, false, HttpStatusCode.OK)]
    [InlineData(65_537, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(65_536, true, HttpStatusCode.OK)]
    [InlineData(65_537, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_value_has_at_most_64_KiB(int bytes, bool chunked, HttpStatusCode expected)
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/keys/big") { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.TransferEncodingChunked = chunked;

        var response = await cloud.Client.SendAsync(request, Token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected is HttpStatusCode.OK ? bytes : null, peer.Written?.Length);
    }

    [Fact]
    public async Task Time_to_live_and_consistency_reach_the_entry_peer()
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;

        await SendAsync(cloud, HttpMethod.Put, "k?ttl=60&consistency=one", [1]);
        await SendAsync(cloud, HttpMethod.Get, "k");

        var (put, get) = (peer.Requests.First().Query, peer.Requests.Last().Query);
        Assert.Equal(("60", "one", "quorum"), (put["ttl"], put["consistency"], get["consistency"]));
    }

    [Theory]
    [InlineData("\"0000000000000007-peer-3#1\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"0000000000000007-peer-3#1\"", HttpStatusCode.NotModified)]
    [InlineData("\"other\", \"0000000000000007-peer-3#1\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    public async Task A_client_that_has_the_version_does_not_get_it_again(string known, HttpStatusCode expected)
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version, [1]));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Get, "k", null, ("If-None-Match", known));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(Tag, response.Headers.ETag?.ToString());
        Assert.Equal(expected is HttpStatusCode.OK ? 1 : 0, (await response.Content.ReadAsByteArrayAsync(Token)).Length);
    }

    [Fact]
    public async Task A_missing_key_is_not_found()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.NotFound));
        await using var owned = cloud;

        var detail = await (await SendAsync(cloud, HttpMethod.Get, "nothing/here")).ProblemAsync(HttpStatusCode.NotFound);

        Assert.Contains("'nothing/here'", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_tells_the_current_version()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Conflict, Version));
        await using var owned = cloud;

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            var response = await SendAsync(cloud, method, "k", method == HttpMethod.Put ? [1] : null, ("If-Match", "*"));

            await response.ProblemAsync(HttpStatusCode.PreconditionFailed);
            Assert.Equal(Tag, response.Headers.ETag?.ToString());
        }
    }

    [Fact]
    public async Task A_conflict_over_a_missing_value_has_no_version_to_tell()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Conflict));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Put, "k", [1], ("If-Match", Tag));

        Assert.Contains("no value", await response.ProblemAsync(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task A_ring_that_cannot_answer_is_unavailable_for_a_while()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Unavailable));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Put, "k", [1]);

        Assert.Contains("Nothing was written", await response.ProblemAsync(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_write_whose_end_is_not_known_says_so_and_that_reading_tells()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Uncertain));
        await using var owned = cloud;

        var detail = await (await SendAsync(cloud, HttpMethod.Put, "k", [1])).ProblemAsync(HttpStatusCode.GatewayTimeout);

        Assert.Contains("may have happened or not: reading the key tells", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_the_owner_is_not_sure_of_says_who_it_is_and_how_many_copies_there_are()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Uncertain, Owner: "peer-3#0", Copies: 1));
        await using var owned = cloud;

        var detail = await (await SendAsync(cloud, HttpMethod.Put, "k", [1])).ProblemAsync(HttpStatusCode.GatewayTimeout);

        Assert.StartsWith("peer-3#0 owns the key and is not sure that most copies have the write: 1 said so", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_the_owner_cannot_store_says_who_has_no_room()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.NotStored, Owner: "peer-3"));
        await using var owned = cloud;

        var detail = await (await SendAsync(cloud, HttpMethod.Put, "k", [1])).ProblemAsync(HttpStatusCode.InsufficientStorage);

        Assert.StartsWith("peer-3 cannot store the key: its disk is full or fails.", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_at_a_peer_that_hangs_has_an_unknown_end_long_before_the_time_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1, LookupTests.ProbedSoon);
        await using var owned = cloud;
        peers[0].Before = LookupTests.HangAsync;

        var detail = await (await SendAsync(cloud, HttpMethod.Put, "k", [1])).ProblemAsync(HttpStatusCode.GatewayTimeout);

        Assert.Contains("may have happened or not", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_an_entry_peer_may_have_got_is_not_sent_to_another_one()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2);
        await using var owned = cloud;
        Array.ForEach(peers, peer => peer.Before = LookupTests.BreakOffAsync);

        var response = await SendAsync(cloud, HttpMethod.Put, "k", [1]);

        Assert.Contains("reading the key tells", await response.ProblemAsync(HttpStatusCode.GatewayTimeout), StringComparison.Ordinal);
        Assert.Single(peers.SelectMany(peer => peer.Requests));
    }

    [Fact]
    public async Task A_write_goes_to_another_entry_peer_when_the_first_ones_cannot_be_connected_to()
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-1");
        await cloud.AddDeadPeerAsync("peer-2");
        await cloud.AddDeadPeerAsync("peer-3");
        await cloud.MembersRefreshedAsync(Token);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(cloud, HttpMethod.Put, "k", [1])).StatusCode);
        }

        Assert.Equal(4, peer.Requests.Count);
    }

    [Fact]
    public async Task A_write_goes_to_another_entry_peer_when_the_connection_to_one_is_not_made_in_time()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1, ("Invocation:ConnectTimeout", "00:00:00.200"));
        await using var owned = cloud;
        using var gone = new DeafListener();
        peers[0].KeyAnswer = new KeyAnswer(KeyOutcomes.Ok, Version);
        cloud.AddPeer("peer-1", gone.Address);
        await cloud.MembersRefreshedAsync(Token);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(cloud, HttpMethod.Put, "k", [1])).StatusCode);
        }
    }

    [Fact]
    public async Task A_read_goes_to_another_entry_peer_when_the_first_one_breaks_off()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2);
        await using var owned = cloud;
        peers[0].Before = LookupTests.BreakOffAsync;
        peers[1].KeyAnswer = new KeyAnswer(KeyOutcomes.Ok, Version, [1]);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(cloud, HttpMethod.Get, "k")).StatusCode);
        }
    }

    [Fact]
    public async Task Every_write_has_an_operation_id_of_its_own()
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;

        await SendAsync(cloud, HttpMethod.Put, "k", [1]);
        await SendAsync(cloud, HttpMethod.Delete, "k");

        Assert.Equal(2, peer.Requests.Select(request => request.Query["operation"]).Distinct().Count());
    }
}
