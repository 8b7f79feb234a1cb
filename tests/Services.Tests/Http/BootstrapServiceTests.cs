using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;

namespace P2PCloud.Services.Tests.Http;

[Collection(RedisTests.Name)]
public sealed class BootstrapServiceTests(RedisFixture redis) : IAsyncLifetime
{
    private const string Overlay = OverlayNames.Peers;

    private ServiceHost _service = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.ClearAsync();
        _service = await ServiceHost.StartAsync(AppIds.Bootstrap, BootstrapService.Add, BootstrapService.Map, redis.Address);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_membership_from_first_join_to_leave_crosses_HTTP()
    {
        var first = new NodeRef("peer-0", 1, "http://127.0.0.1:1");
        var created = await _service.AskAsync(new RegisterRequest(Overlay, first, 7, false));
        var joined = await _service.AskAsync(new RegisterRequest(Overlay, first, 7, true));
        var second = await _service.AskAsync(new RegisterRequest(Overlay, new NodeRef("peer-1"), 7, false));

        Assert.True(created.Creator);
        Assert.Equal(30_000, joined.LeaseMs);
        Assert.Equal((first.Name, first.Endpoint), (Assert.Single(second.Contacts).Name, second.Contacts[0].Endpoint));
        Assert.Equal([true, false], (await _service.AskAsync(new MembersRequest(Overlay))).Members.Select(member => member.Joined));
        Assert.Equal(Ack.Instance, await _service.AskAsync(new ReportRequest(Overlay, first.Name)));
        Assert.Equal([first], (await _service.AskAsync(new SampleRequest(Overlay, 3, []))).Nodes);
        Assert.False((await _service.AskAsync(new RenewRequest(joined.LeaseId!))).Gone);
        await _service.AskAsync(new LeaveRequest(joined.LeaseId!));
        Assert.True((await _service.AskAsync(new RenewRequest(joined.LeaseId!))).Gone);
        Assert.Empty((await _service.AskAsync(new SampleRequest(Overlay, 3, []))).Nodes);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"overlay":"peers"}""")]
    [InlineData("""{"overlay":null,"count":1,"exclude":[]}""")]
    public async Task A_body_that_is_no_message_is_refused(string body)
    {
        using var response = await _service.PostAsync("/boot/sample", body);

        await Problems.AssertAsync(response, System.Net.HttpStatusCode.BadRequest, "SampleRequest");
    }

    [Fact]
    public async Task With_Redis_answering_the_service_is_ready()
    {
        Assert.Equal("Healthy", await _service.GetAsync("/healthz/live"));
        Assert.Equal("Healthy", await _service.GetAsync("/healthz/ready"));
    }

    [Fact]
    public async Task Bad_options_stop_the_service_at_start_and_are_all_named()
    {
        var bad = new Dictionary<string, string?> { ["Bootstrap:Lease"] = "00:10:00", ["Bootstrap:SampleMax"] = "0" };

        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => ServiceHost.StartAsync(
            AppIds.Bootstrap,
            BootstrapService.Add,
            BootstrapService.Map,
            redis.Address,
            builder => builder.Configuration.AddInMemoryCollection(bad)));

        Assert.Contains("Lease", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SampleMax", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost,noSuchSetting=1")]
    [InlineData("")]
    public async Task A_bad_address_of_Redis_stops_the_service_at_start(string address)
    {
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(
            () => ServiceHost.StartAsync(AppIds.Bootstrap, BootstrapService.Add, BootstrapService.Map, address));

        Assert.Contains("Redis:Configuration", failure.Message, StringComparison.Ordinal);
    }
}
