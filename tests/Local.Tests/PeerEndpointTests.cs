using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;

namespace P2PCloud.Local.Tests;

public sealed class PeerEndpointTests(CloudFixture fixture) : IClassFixture<CloudFixture>
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.txt")]
    [InlineData("..\\secret.txt")]
    [InlineData("a\0b")]
    [InlineData("a//b")]
    [InlineData("")]
    public async Task A_name_that_could_leave_the_folder_is_refused(string name)
    {
        using var http = Peer();
        using var body = new StringContent("x");

        using var response = await http.PutAsync(new Uri($"/files?name={Uri.EscapeDataString(name)}", UriKind.Relative), body, Limit);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("file name", (await response.Content.ReadFromJsonAsync<ProblemDetails>(Limit))!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_whose_folder_is_a_file_is_a_conflict()
    {
        using var http = Peer();
        using var body = new StringContent("x");
        using var first = await http.PutAsync(new Uri("/files?name=conflict", UriKind.Relative), body, Limit);
        first.EnsureSuccessStatusCode();

        using var response = await http.PutAsync(new Uri("/files?name=conflict/inside", UriKind.Relative), body, Limit);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Theory]
    [InlineData("/lookups?q=a&technique=bittorrent", "napster, gnutella, kazaa, chord")]
    [InlineData("/lookups?q=...&technique=chord", "letter or digit")]
    [InlineData("/lookups?q=a&technique=chord&mode=sideways", "recursive, iterative")]
    [InlineData("/lookups?q=a&technique=gnutella&mode=iterative", "flood, expanding-ring, random-walk")]
    [InlineData("/lookups?q=a&technique=kazaa&mode=flood", "kazaa has no modes")]
    [InlineData("/lookups?q=a&technique=chord&limit=0", "limit")]
    public async Task A_bad_lookup_is_refused_with_what_would_be_right(string uri, string hint)
    {
        using var http = Peer();

        using var response = await http.GetAsync(new Uri(uri, UriKind.Relative), Limit);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(hint, (await response.Content.ReadFromJsonAsync<ProblemDetails>(Limit))!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_that_the_peer_does_not_share_is_not_found()
    {
        using var http = Peer();

        using var response = await http.GetAsync(new Uri($"/content?id={new string('0', 64)}", UriKind.Relative), Limit);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private HttpClient Peer() => new() { BaseAddress = new Uri(fixture.Cloud.Services.First(service => service.App == "peer-6").Endpoint) };
}
