using System.Net;
using System.Text;

namespace P2PCloud.Sidecar.Tests;

public sealed class AddressingTests
{
    [Fact]
    public async Task The_header_names_the_callee_and_is_not_passed_on()
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/chord/state?key=1");
        request.Headers.Add("dapr-app-id", Pair.Callee);

        using var response = await pair.SendAsync(request);

        var seen = Assert.Single(pair.App.Requests);
        Assert.Equal(("GET", "/chord/state", "?key=1"), (seen.Method, seen.Path, seen.Query));
        Assert.DoesNotContain("dapr-app-id", seen.Headers.Keys);
    }

    [Fact]
    public async Task The_user_of_basic_authentication_names_the_callee()
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"dapr-app-id:{Pair.Callee}"))}");

        using var response = await pair.SendAsync(request);

        Assert.Equal("/state", Assert.Single(pair.App.Requests).Path);
    }

    [Theory]
    [InlineData("/v1.0/invoke/peer-7/method/state", "/state")]
    [InlineData("/v1.0/invoke/peer-7.default/method/state", "/state")]
    [InlineData("/v1.0/invoke/peer-7/method/a//b/./c/../d", "/a/b/d")]
    [InlineData("/v1.0/invoke/peer-7/method/a%2Fb", "/a/b")]
    [InlineData("/v1.0/invoke/peer-7/method/", "/")]
    public async Task The_path_names_the_callee_and_its_route_which_is_decoded_and_cleaned(string path, string expected)
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"{pair.Http.BaseAddress!.ToString().TrimEnd('/')}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        using var response = await pair.SendAsync(request);

        Assert.Equal(expected, Assert.Single(pair.App.Requests).Path);
    }

    [Fact]
    public async Task The_header_goes_before_the_path()
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/peer-1/method/state");
        request.Headers.Add("dapr-app-id", Pair.Callee);

        using var response = await pair.SendAsync(request);

        Assert.Equal("/v1.0/invoke/peer-1/method/state", Assert.Single(pair.App.Requests).Path);
    }

    [Fact]
    public async Task A_request_without_an_app_id_is_404()
    {
        await using var pair = await Pair.StartAsync();

        using var response = await pair.Http.GetAsync("/state", TestContext.Current.CancellationToken);

        Assert.Equal(((int)HttpStatusCode.NotFound, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
    }
}
