using System.Net;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using static P2PCloud.Gateway.Tests.Fakes.KeyRequests;

namespace P2PCloud.Gateway.Tests;

public sealed class KeyRequestTests
{
    private static readonly KeyVersion Version = new(7, "peer-3#1");

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%2F..%2Fb", "a/../b")]
    [InlineData("a+b%20c", "a+b c")]
    [InlineData("%D0%BA%F0%9F%94%91", "к🔑")]
    [InlineData("a%3Fb%23c%26d", "a?b#c&d")]
    [InlineData("a?from=peer-0", "a")]
    public async Task The_key_is_all_of_the_path_decoded_once(string path, string expected)
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version, []));
        await using var owned = cloud;

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(cloud, HttpMethod.Get, path)).StatusCode);

        Assert.Equal(expected, Assert.Single(peer.Requests).Query["key"]);
    }

    [Theory]
    [InlineData("", "needed")]
    [InlineData("%FF", "UTF-8")]
    [InlineData("%4", "percent-encoded")]
    public async Task What_is_no_key_is_refused(string path, string expected)
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok));
        await using var owned = cloud;

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            Assert.Contains(expected, await (await SendAsync(cloud, method, path)).ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }

        Assert.Empty(peer.Requests);
    }

    [Theory]
    [InlineData(512, HttpStatusCode.OK)]
    [InlineData(513, HttpStatusCode.BadRequest)]
    public async Task A_key_has_at_most_1024_bytes(int twoByteCharacters, HttpStatusCode expected)
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version, []));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Get, Uri.EscapeDataString(new string('é', twoByteCharacters)));

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("If-Match", "\"0000000000000007-peer-3#1\"", "ifVersion", "0000000000000007-peer-3#1")]
    [InlineData("If-Match", "*", "ifPresent", "true")]
    [InlineData("If-None-Match", "*", "ifAbsent", "true")]
    public async Task A_condition_reaches_the_entry_peer(string header, string value, string parameter, string expected)
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok, Version));
        await using var owned = cloud;

        await SendAsync(cloud, HttpMethod.Put, "k", [1], (header, value));

        Assert.Equal(expected, Assert.Single(peer.Requests).Query[parameter]);
    }

    [Theory]
    [InlineData("PUT", "If-Match", "W/\"0000000000000007-peer-3#1\"")]
    [InlineData("PUT", "If-Match", "\"0000000000000007-peer-3#1\", \"0000000000000008-peer-3#1\"")]
    [InlineData("PUT", "If-Match", "0000000000000007-peer-3#1")]
    [InlineData("PUT", "If-Match", "\"7\"")]
    [InlineData("PUT", "If-None-Match", "\"0000000000000007-peer-3#1\"")]
    [InlineData("DELETE", "If-Match", "W/\"0000000000000007-peer-3#1\"")]
    [InlineData("DELETE", "If-None-Match", "*")]
    public async Task A_condition_that_cannot_be_meant_is_refused(string method, string header, string value)
    {
        var (cloud, peer) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok));
        await using var owned = cloud;

        var response = await SendAsync(cloud, new HttpMethod(method), "k", method is "PUT" ? [1] : null, (header, value));

        Assert.Contains(header, await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Empty(peer.Requests);
    }

    [Fact]
    public async Task Two_conditions_at_once_are_refused()
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Put, "k", [1], ("If-Match", "*"), ("If-None-Match", "*"));

        Assert.Contains("exclude", await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ttl=0", "ttl")]
    [InlineData("ttl=-1", "ttl")]
    [InlineData("ttl=1.5", "ttl")]
    [InlineData("ttl=soon", "ttl")]
    [InlineData("ttl=99999999999", "ttl")]
    [InlineData("consistency=most", "quorum, one")]
    [InlineData("from=peer-77", "peer-0")]
    public async Task A_bad_parameter_is_refused_with_what_would_be_right(string query, string expected)
    {
        var (cloud, _) = await StartAsync(new KeyAnswer(KeyOutcomes.Ok));
        await using var owned = cloud;

        var response = await SendAsync(cloud, HttpMethod.Put, $"k?{query}", [1]);

        Assert.Contains(expected, await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }
}
