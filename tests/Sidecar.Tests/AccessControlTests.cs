using System.Net;

namespace P2PCloud.Sidecar.Tests;

public sealed class AccessControlTests
{
    private static readonly AccessControl Control = new(false,
    [
        new AccessPolicy("peer-3", "default", false,
        [
            new AccessOperation("/chord/**", ["GET", "POST"]),
            new AccessOperation("/files", ["PUT", "DELETE"]),
            new AccessOperation("/files/content", ["GET"]),
            new AccessOperation("/leases/*", ["GET"]),
            new AccessOperation("/blocks/*/range", ["GET"]),
            new AccessOperation("/state", ["*"]),
        ]),
        new AccessPolicy("gateway", "default", true, [new AccessOperation("/secret", ["GET"], Allows: false)]),
    ]);

    [Theory]
    [InlineData("peer-3", "GET", "/chord/next-hop", true)]
    [InlineData("peer-3", "GET", "/chord", true)]
    [InlineData("peer-3", "POST", "/CHORD/keys/write", true)]
    [InlineData("peer-3", "DELETE", "/chord/next-hop", false)]
    [InlineData("peer-3", "GET", "/chordal", false)]
    [InlineData("peer-3", "PUT", "/files", true)]
    [InlineData("peer-3", "PUT", "/files/content", true)]
    [InlineData("peer-3", "GET", "/files/content", false)]
    [InlineData("peer-3", "GET", "/leases/a", true)]
    [InlineData("peer-3", "GET", "/leases", true)]
    [InlineData("peer-3", "GET", "/leases/a/b", false)]
    [InlineData("peer-3", "GET", "/blocks/a/range", false)]
    [InlineData("peer-3", "DELETE", "/state", true)]
    [InlineData("peer-33", "GET", "/state", false)]
    [InlineData("gateway", "POST", "/anything", true)]
    [InlineData("gateway", "GET", "/secret", false)]
    public void A_caller_may_do_what_the_first_operation_on_the_way_down_a_path_lists(string app, string verb, string path, bool expected) =>
        Assert.Equal(expected, Control.Allows(app, "default", verb, path));

    [Fact]
    public void A_policy_is_for_one_namespace() => Assert.False(Control.Allows("gateway", "other", "POST", "/anything"));

    [Fact]
    public async Task A_denied_call_is_403_and_does_not_reach_the_app()
    {
        await using var pair = await Pair.StartAsync(settings => settings with { AccessControl = Control });

        using var denied = await pair.GetAsync("/keys");
        using var allowed = await pair.GetAsync("/state");

        Assert.Equal((403, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(denied));
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("/state", Assert.Single(pair.App.Requests).Path);
    }

    [Fact]
    public async Task A_call_of_an_app_to_itself_is_neither_checked_nor_tried_again()
    {
        await using var pair = await Pair.StartAsync();
        await using var app = await App.StartAsync(TestContext.Current.CancellationToken);
        var sidecar = await pair.AddAsync("peer-9", app.Address, settings => settings with { AccessControl = new AccessControl(false, []) });
        using var http = new HttpClient { BaseAddress = new Uri(sidecar.Api) };

        using var allowed = await http.GetAsync("/v1.0/invoke/peer-9/method/state", TestContext.Current.CancellationToken);
        await app.DisposeAsync();
        using var down = await http.GetAsync("/v1.0/invoke/peer-9/method/state", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(down));
        Assert.Equal(2, sidecar.Calls);
    }

    [Fact]
    public async Task A_call_of_an_app_to_itself_resolves_its_name_first()
    {
        await using var pair = await Pair.StartAsync();
        pair.Names.Clear();
        using var http = new HttpClient { BaseAddress = new Uri(pair.CalleeSidecar.Api) };

        using var response = await http.GetAsync($"/v1.0/invoke/{Pair.Callee}/method/state", TestContext.Current.CancellationToken);

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Empty(pair.App.Requests);
    }
}
