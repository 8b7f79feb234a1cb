using System.Net;
using System.Security.Cryptography;
using System.Text;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

public sealed class ShareTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_is_shared_at_the_named_peer_and_answered_with_its_place()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var bytes = Encoding.UTF8.GetBytes("yesterday");

        var response = await cloud.PutAsync("/api/v1/files?name=beatles%2Fyesterday.txt&peer=peer-1", new ByteArrayContent(bytes));

        var shared = await response.ReadAsync<Posting>();
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(new Posting(id, "beatles/yesterday.txt", bytes.Length, "peer-1"), shared);
        Assert.Equal($"/api/v1/files/{id}", response.Headers.Location?.OriginalString);
        Assert.Equal(bytes, peers[1].Files[id].Bytes);
    }

    [Fact]
    public async Task An_empty_file_can_be_shared()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        var response = await cloud.PutAsync("/api/v1/files?name=empty", new ByteArrayContent([]));

        Assert.Equal(0, (await response.ReadAsync<Posting>()).Size);
    }

    [Fact]
    public async Task A_chunked_upload_of_several_megabytes_arrives_whole()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        peers[0].Before = http =>
        {
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            return Task.FromResult(false);
        };
        var bytes = new byte[40_000_000];
        RandomNumberGenerator.Fill(bytes);

        var shared = await (await cloud.PutAsync("/api/v1/files?name=big", Chunked(bytes))).ReadAsync<Posting>();

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), shared.ContentId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413_whether_its_length_is_known_or_not(bool chunked)
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1, ("Gateway:MaxUploadBytes", "1000"));
        await using var owned = cloud;
        var bytes = new byte[1001];

        var response = await cloud.PutAsync("/api/v1/files?name=big", chunked ? Chunked(bytes) : new ByteArrayContent(bytes));

        Assert.Contains("1000 bytes", await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        Assert.Empty(peers[0].Files);
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_shared()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1, ("Gateway:MaxUploadBytes", "1000"));
        await using var owned = cloud;

        Assert.Equal(HttpStatusCode.Created, (await cloud.PutAsync("/api/v1/files?name=big", Chunked(new byte[1000]))).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("name=")]
    [InlineData("name=%20")]
    [InlineData("name=..%2Fpasswd")]
    [InlineData("name=a%2F..%2F..%2Fpasswd")]
    [InlineData("name=..%5C..%5Cpasswd")]
    [InlineData("name=%2Fetc%2Fpasswd")]
    [InlineData("name=C%3A%5Cboot.ini")]
    [InlineData("name=a%00b")]
    [InlineData("name=a%0Ab")]
    [InlineData("name=a%2F%2Fb")]
    public async Task A_name_that_could_leave_the_folder_is_400(string query)
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        await (await cloud.PutAsync($"/api/v1/files?{query}", new ByteArrayContent([1]))).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Empty(peers[0].Requests);
    }

    [Theory]
    [InlineData(255, 1, HttpStatusCode.Created)]
    [InlineData(256, 1, HttpStatusCode.BadRequest)]
    [InlineData(200, 5, HttpStatusCode.Created)]
    [InlineData(204, 5, HttpStatusCode.Created)]
    [InlineData(205, 5, HttpStatusCode.BadRequest)]
    public async Task A_name_is_bounded_by_part_and_in_all(int partBytes, int parts, HttpStatusCode expected)
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        var name = string.Join("%2F", Enumerable.Repeat(new string('n', partBytes), parts));

        Assert.Equal(expected, (await cloud.PutAsync($"/api/v1/files?name={name}", new ByteArrayContent([1]))).StatusCode);
    }

    [Fact]
    public async Task A_peers_own_refusal_reaches_the_client()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        var response = await cloud.PutAsync("/api/v1/files?name=refused", new ByteArrayContent([1]));

        Assert.Equal("This peer refuses the name.", await response.ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task An_upload_to_an_unknown_peer_is_400_and_names_the_peers()
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;

        var response = await cloud.PutAsync("/api/v1/files?name=a&peer=peer-9", new ByteArrayContent([1]));

        Assert.Contains("peer-0, peer-1", await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_goes_to_another_peer_when_the_first_refuses_the_connection()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-1");
        await cloud.GetAsync("/api/v1/topology");

        for (var i = 0; i < 3; i++)
        {
            var shared = await (await cloud.PutAsync("/api/v1/files?name=a", new ByteArrayContent([1, 2]))).ReadAsync<Posting>();
            Assert.Equal(("peer-0", 2), (shared.Peer, shared.Size));
        }
    }

    [Fact]
    public async Task An_upload_to_a_named_dead_peer_is_a_bad_gateway()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-1");

        var response = await cloud.PutAsync("/api/v1/files?name=a&peer=peer-1", new ByteArrayContent([1, 2]));

        Assert.StartsWith("peer-1 did not take", await response.ProblemAsync(HttpStatusCode.BadGateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_at_one_peer_leaves_the_other_provider()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAtAll(peers);

        Assert.Equal(HttpStatusCode.NoContent, (await cloud.DeleteAsync($"/api/v1/files/{id}?peer=peer-1")).StatusCode);
        Assert.Equal((1, 0), (peers[0].Files.Count, peers[1].Files.Count));
        await (await cloud.DeleteAsync($"/api/v1/files/{id}?peer=peer-1")).ProblemAsync(HttpStatusCode.NotFound);
        await (await cloud.DeleteAsync($"/api/v1/files/{id}?peer=peer-9")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Stopping_without_a_peer_stops_every_provider()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAtAll(peers);
        await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token);

        Assert.Equal(HttpStatusCode.NoContent, (await cloud.DeleteAsync($"/api/v1/files/{id}")).StatusCode);
        Assert.All(peers, peer => Assert.Empty(peer.Files));
        await (await cloud.GetAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await cloud.DeleteAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Stopping_says_so_when_a_provider_did_not_answer()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-7");
        var id = ShareAtAll(peers);
        Array.ForEach(peers, peer => peer.Providers = peer.Providers.Add(new Posting(id, "a", 1, "peer-7")));

        var detail = await (await cloud.DeleteAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.BadGateway);

        Assert.Contains("peer-7", detail, StringComparison.Ordinal);
        Assert.All(peers, peer => Assert.Empty(peer.Files));
    }

    [Fact]
    public async Task The_list_has_one_item_a_content_and_goes_on_from_page_to_page()
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var (a, b) = (new string('a', 64), new string('b', 64));
        cloud.Postings =
        [
            new Posting(b, "b", 2, "peer-0"), new Posting(a, "a", 1, "peer-10"),
            new Posting(a, "a", 1, "peer-2"), new Posting(a, "other", 1, "peer-2"),
        ];

        var first = await (await cloud.GetAsync("/api/v1/files?limit=1")).ReadAsync<FilePage>();
        var second = await (await cloud.GetAsync($"/api/v1/files?limit=1&after={first.Next}")).ReadAsync<FilePage>();

        Assert.Equal(["peer-2", "peer-10"], Assert.Single(first.Items).Providers.Select(provider => provider.Peer));
        Assert.Equal((b, null), (Assert.Single(second.Items).ContentId, second.Next));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("after=xyz")]
    public async Task A_bad_page_is_400(string query)
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        await (await cloud.GetAsync($"/api/v1/files?{query}")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_list_without_the_directory_is_503()
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;
        cloud.DirectoryAnswers = false;

        await (await cloud.GetAsync("/api/v1/files")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    private static StreamContent Chunked(byte[] bytes) => new(new UnknownLength(bytes));

    private static string ShareAtAll(FakePeer[] peers)
    {
        var id = "";
        Array.ForEach(peers, peer => id = peer.Hold("a", [1]));
        Array.ForEach(peers, peer => peer.Providers = [.. peers.Select(provider => new Posting(id, "a", 1, provider.App))]);
        return id;
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
