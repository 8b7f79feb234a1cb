using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using P2PCloud.Bootstrap;
using P2PCloud.Contracts;

namespace P2PCloud.Services.Tests.Http;

/// <summary>A service beside a Dapr sidecar.</summary>
[Collection(RedisTests.Name)]
public sealed class SidecarTests(RedisFixture redis)
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.NoContent, HttpStatusCode.OK, "Healthy")]
    [InlineData(HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable, "sidecar: not ready (500)")]
    public async Task A_service_is_ready_when_its_sidecar_can_call_others(HttpStatusCode sidecar, HttpStatusCode ready, string line)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/v1.0/healthz/outbound", () => TypedResults.StatusCode((int)sidecar));
        await app.StartAsync(Limit);
        await using var service = await StartAsync(("Invocation:Mode", "dapr"), ("Invocation:DaprEndpoint", app.Urls.First()));

        using var answer = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Limit);

        Assert.Equal(ready, answer.StatusCode);
        Assert.Contains(line, await answer.Content.ReadAsStringAsync(Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_whose_sidecar_is_gone_is_not_ready_and_lives()
    {
        await using var service = await StartAsync(("Invocation:Mode", "Dapr"), ("Invocation:DaprEndpoint", "http://127.0.0.1:1"));

        using var ready = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Limit);
        using var live = await service.Http.GetAsync(new Uri("/healthz/live", UriKind.Relative), Limit);

        Assert.Contains("sidecar: does not answer", await ready.Content.ReadAsStringAsync(Limit), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("guess", HttpStatusCode.Unauthorized)]
    [InlineData("secret", HttpStatusCode.OK)]
    public async Task With_a_token_only_the_sidecar_gets_in(string? token, HttpStatusCode status)
    {
        await using var service = await StartAsync(("APP_API_TOKEN", "secret"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/boot/members")
        {
            Content = new StringContent("""{"overlay":"peers"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        if (token is not null)
        {
            request.Headers.Add("dapr-api-token", token);
        }

        using var answer = await service.Http.SendAsync(request, Limit);
        using var probe = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Limit);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    private Task<ServiceHost> StartAsync(params (string Key, string Value)[] settings) => ServiceHost.StartAsync(
        AppIds.Bootstrap,
        BootstrapService.Add,
        BootstrapService.Map,
        redis.Address,
        builder => builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))));
}
