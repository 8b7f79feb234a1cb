using System.Net;
using System.Net.Http.Headers;
using System.Text;
using P2PCloud.Contracts;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

public sealed class FetchTests
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("Na na na nananana, nananana, hey Jude");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_comes_from_its_provider_with_the_content_id_as_ETag()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAt(peers, 1);

        var response = await cloud.GetAsync($"/api/v1/files/{id}");

        Assert.Equal(Bytes, await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal($"\"{id}\"", response.Headers.ETag?.Tag);
        Assert.Equal("hey jude.txt", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_range_is_answered_with_206_and_its_place()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{ShareAt(peers, 1)}");
        request.Headers.Range = new RangeHeaderValue(3, 7);

        var response = await cloud.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Bytes[3..8], await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal($"bytes 3-7/{Bytes.Length}", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416_and_names_the_size()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{ShareAt(peers, 1)}");
        request.Headers.Range = new RangeHeaderValue(1000, 2000);

        var detail = await (await cloud.Client.SendAsync(request, Token)).ProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable);

        Assert.Contains($"{Bytes.Length} bytes", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_Range_with_another_ETag_gets_the_whole_file()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{ShareAt(peers, 1)}");
        request.Headers.Range = new RangeHeaderValue(3, 7);
        request.Headers.IfRange = new RangeConditionHeaderValue("\"other\"");

        Assert.Equal(HttpStatusCode.OK, (await cloud.Client.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task A_client_that_has_the_bytes_gets_304()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAt(peers, 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{id}");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{id}\""));

        Assert.Equal(HttpStatusCode.NotModified, (await cloud.Client.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task HEAD_tells_the_size_without_the_bytes()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/files/{ShareAt(peers, 1)}");

        var response = await cloud.Client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, Bytes.Length), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_dead_provider_and_one_that_lost_the_file_are_passed_over()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(3);
        await using var owned = cloud;
        await cloud.AddDeadPeerAsync("peer-7");
        var id = ShareAt(peers, 2);
        NameProviders(peers, id, "peer-7", "peer-0", "peer-gone", "peer-2");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Bytes, await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token));
        }
    }

    [Fact]
    public async Task A_provider_that_hangs_is_passed_over_after_the_time_out()
    {
        var (cloud, peers) = await FakeCloud.StartAsync(2, ("Gateway:PeerTimeout", "00:00:00.200"));
        await using var owned = cloud;
        var id = ShareAt(peers, 1);
        NameProviders(peers, id, "peer-0", "peer-1");
        peers[0].Before = http => http.Request.Path == "/content" ? LookupTests.HangAsync(http) : Task.FromResult(false);

        Assert.Equal(Bytes, await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_directory_is_asked_when_the_ring_knows_nobody_or_fails(bool ringAnswers)
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = peers[1].Hold("hey jude.txt", Bytes);
        cloud.Postings = [new Posting(id, "hey jude.txt", Bytes.Length, "peer-1")];
        Array.ForEach(peers, peer => peer.RingAnswers = ringAnswers);

        Assert.Equal(Bytes, await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token));
    }

    [Fact]
    public async Task Providers_are_remembered_for_a_moment()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAt(peers, 1);

        for (var i = 0; i < 3; i++)
        {
            await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token);
        }

        Assert.Equal(1, peers.Sum(peer => peer.Requests.Count(request => request.Path == "/providers")));
    }

    [Fact]
    public async Task A_file_that_moved_is_found_again_though_providers_are_remembered()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = ShareAt(peers, 1);
        await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token);
        peers[1].Files.Clear();
        ShareAt(peers, 0);

        Assert.Equal(Bytes, await cloud.Client.GetByteArrayAsync($"/api/v1/files/{id}", Token));
    }

    [Fact]
    public async Task A_content_that_nobody_has_is_404()
    {
        var (cloud, _) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        var id = new string('a', 64);

        var detail = await (await cloud.GetAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.NotFound);

        Assert.Contains(id, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_nobody_can_be_asked_the_answer_is_503_and_not_404()
    {
        var (cloud, peers) = await FakeCloud.StartAsync();
        await using var owned = cloud;
        cloud.DirectoryAnswers = false;
        Array.ForEach(peers, peer => peer.RingAnswers = false);

        await (await cloud.GetAsync($"/api/v1/files/{new string('a', 64)}")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task A_malformed_content_id_is_400(string id)
    {
        var (cloud, _) = await FakeCloud.StartAsync(1);
        await using var owned = cloud;

        await (await cloud.GetAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await cloud.DeleteAsync($"/api/v1/files/{id}")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    private static string ShareAt(FakePeer[] peers, int number)
    {
        var id = peers[number].Hold("hey jude.txt", Bytes);
        NameProviders(peers, id, peers[number].App);
        return id;
    }

    private static void NameProviders(FakePeer[] peers, string id, params string[] providers)
    {
        var postings = providers.Select(provider => new Posting(id, "hey jude.txt", Bytes.Length, provider)).ToList();
        Array.ForEach(peers, peer => peer.Providers = [.. postings]);
    }
}
