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
        request.Headers.Add("Authorization", Basic(Pair.Callee));

        using var response = await pair.SendAsync(request);

        Assert.Equal("/state", Assert.Single(pair.App.Requests).Path);
    }

    [Theory]
    [InlineData("/v1.0/invoke/peer-7/method/state", "/state")]
    [InlineData("/v1.0/invoke/peer-7.default/method/state", "/state")]
    [InlineData("/v1.0/invoke/peer-7/method/a//b/./c/../d", "/a/b/d")]
    [InlineData("/v1.0/invoke/peer-7/method/a%2Fb", "/a/b")]
    [InlineData("/v1.0/invoke/peer-7/method/a%252fb", "/a%2fb")]
    [InlineData("/v1.0/invoke/peer-7/method/100%25", "/100%")]
    [InlineData("/v1.0/invoke/peer-7/method/", "/")]
    public async Task The_path_names_the_callee_and_its_route_which_is_decoded_and_cleaned(string path, string expected)
    {
        await using var pair = await Pair.StartAsync();
        using var request = Raw(pair, path);

        using var response = await pair.SendAsync(request);

        Assert.Equal(expected, Assert.Single(pair.App.Requests).Path);
    }

    [Theory]
    [InlineData("/v1.0/invoke/peer-7/method/../state")]
    [InlineData("/v1.0/invoke/peer-7/method/a/../../../../state")]
    [InlineData("/v1.0/invoke/peer-7/method/%2e%2e/state")]
    [InlineData("/v1.0/invoke/peer-7/method/a%2f..%2f..%2fstate")]
    public async Task A_path_that_leaves_its_root_is_500(string path)
    {
        await using var pair = await Pair.StartAsync();
        using var request = Raw(pair, path);

        using var response = await pair.SendAsync(request);

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Empty(pair.App.Requests);
    }

    [Fact]
    public async Task The_header_goes_before_basic_authentication_and_that_before_the_path()
    {
        await using var pair = await Pair.StartAsync();
        await using var other = await App.StartAsync(TestContext.Current.CancellationToken);
        await pair.AddAsync("peer-8", other.Address);
        using var all = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/peer-1/method/all");
        all.Headers.Add("dapr-app-id", Pair.Callee);
        all.Headers.Add("Authorization", Basic("peer-8"));
        using var two = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/peer-1/method/two");
        two.Headers.Add("Authorization", Basic("peer-8"));

        using var first = await pair.SendAsync(all);
        using var second = await pair.SendAsync(two);

        Assert.Equal("/v1.0/invoke/peer-1/method/all", Assert.Single(pair.App.Requests).Path);
        Assert.Equal("/v1.0/invoke/peer-1/method/two", Assert.Single(other.Requests).Path);
    }

    [Fact]
    public async Task Authentication_that_names_nobody_is_the_apps()
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/peer-7/method/state");
        var authorization = $"Basic {Convert.ToBase64String("jude:hey"u8)}";
        request.Headers.Add("Authorization", authorization);

        using var response = await pair.SendAsync(request);

        Assert.Equal(authorization, Assert.Single(pair.App.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task An_app_id_of_another_namespace_is_another_app()
    {
        await using var pair = await Pair.StartAsync();
        await using var other = await App.StartAsync(TestContext.Current.CancellationToken);

        using var unknown = await pair.GetAsync("/state", "peer-7.other");
        await pair.AddAsync(Pair.Callee, other.Address, settings => settings with { Namespace = "other" });
        using var foreign = await pair.GetAsync("/state", "peer-7.other");
        using var own = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(unknown));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
        Assert.Single(other.Requests);
        Assert.Single(pair.App.Requests);
    }

    [Fact]
    public async Task A_sidecar_takes_no_call_for_its_app_id_in_another_namespace()
    {
        await using var pair = await Pair.StartAsync();
        pair.Names[new AppName(Pair.Callee, "other")] = pair.CalleeSidecar.Internal;

        using var response = await pair.GetAsync("/state", "peer-7.other");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Empty(pair.App.Requests);
    }

    [Fact]
    public async Task A_request_without_an_app_id_is_404()
    {
        await using var pair = await Pair.StartAsync();

        using var response = await pair.Http.GetAsync("/state", TestContext.Current.CancellationToken);

        Assert.Equal(((int)HttpStatusCode.NotFound, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
    }

    private static string Basic(string app) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"dapr-app-id:{app}"))}";

    /// <summary>With a path that is sent as it stands.</summary>
    private static HttpRequestMessage Raw(Pair pair, string path) => new(
        HttpMethod.Get,
        new Uri($"{pair.Http.BaseAddress!.ToString().TrimEnd('/')}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
}
