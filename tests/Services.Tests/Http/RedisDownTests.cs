using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;

namespace P2PCloud.Services.Tests.Http;

[Collection(RedisTests.Name)]
public sealed class RedisDownTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Services => new()
    {
        { AppIds.Bootstrap, "/boot/members", """{"overlay":"peers"}""" },
        { AppIds.Directory, "/napster/list", """{"limit":1,"after":null}""" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task With_Redis_stopped_requests_are_refused_within_a_second(string name, string path, string body)
    {
        var redis = new EmbeddedRedis();
        await using var service = await StartAsync(name, redis.Address);
        using (var before = await service.PostAsync(path, body))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        redis.Dispose();

        for (var request = 0; request < 3; request++)
        {
            var began = Stopwatch.GetTimestamp();
            using var response = await service.PostAsync(path, body);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Soon);
            await Problems.AssertAsync(response, HttpStatusCode.ServiceUnavailable, "Redis does not answer");
        }

        await AssertProbesAsync(service);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Without_Redis_a_service_starts_and_is_not_ready(string name, string path, string body)
    {
        string address;
        using (var redis = new EmbeddedRedis())
        {
            address = redis.Address;
        }

        await using var service = await StartAsync(name, address);

        using var response = await service.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertProbesAsync(service);
    }

    private static async Task AssertProbesAsync(ServiceHost service)
    {
        using var live = await service.Http.GetAsync(new Uri("/healthz/live", UriKind.Relative), Limit);
        using var ready = await service.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), Limit);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("redis: does not answer", await ready.Content.ReadAsStringAsync(Limit), StringComparison.Ordinal);
    }

    private static Task<ServiceHost> StartAsync(string name, string redis)
    {
        Action<WebApplicationBuilder> add = name == AppIds.Bootstrap ? BootstrapService.Add : DirectoryService.Add;
        Action<WebApplication> map = name == AppIds.Bootstrap ? BootstrapService.Map : DirectoryService.Map;
        return ServiceHost.StartAsync(name, add, map, redis);
    }
}
