using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Boot;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

/// <summary>The gateway behind a Dapr sidecar, which answers for the nodes that it does not reach.</summary>
public sealed class SidecarTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_the_sidecar_does_not_reach_is_replaced_or_a_bad_gateway()
    {
        await using var sidecar = await FakeHost.StartAsync(MapSidecar);
        await using var cloud = new FakeCloud();
        await cloud.StartGatewayAsync(("Invocation:Mode", "Dapr"), ("Invocation:DaprEndpoint", sidecar.Address));

        for (var i = 0; i < 3; i++)
        {
            var found = await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord")).ReadAsync<LookupResult>();
            Assert.Equal("peer-1", found.From);
        }

        await (await cloud.GetAsync("/api/v1/lookups?q=x&technique=chord&from=peer-0")).ProblemAsync(HttpStatusCode.BadGateway);
        await (await cloud.PutAsync("/api/v1/files?name=a&peer=peer-0", new ByteArrayContent([1]))).ProblemAsync(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task An_upload_that_the_sidecar_says_it_did_not_deliver_is_not_sent_to_another_node_since_the_first_may_have_it()
    {
        await using var sidecar = await FakeHost.StartAsync(MapSidecar);
        await using var cloud = new FakeCloud();
        await cloud.StartGatewayAsync(("Invocation:Mode", "Dapr"), ("Invocation:DaprEndpoint", sidecar.Address));
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < 2; i++)
        {
            statuses.Add((await cloud.PutAsync("/api/v1/files?name=a", new ByteArrayContent([1]))).StatusCode);
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.BadGateway], statuses.Order());
    }

    private static void MapSidecar(WebApplication routes)
    {
        routes.MapPost("/v1.0/invoke/bootstrap/method/boot/members", () =>
            Results.Json(new MembersReply([new Member(new NodeRef("peer-0"), true), new Member(new NodeRef("peer-1"), true)])));
        routes.MapGet("/v1.0/invoke/peer-1/method/lookups", (string q, string technique) =>
            TypedResults.Ok(new LookupResult(technique, q, "peer-1", [], [], 0, 0, "", true)));
        routes.MapPut("/v1.0/invoke/peer-1/method/files", (string name) => TypedResults.Created("/content", new SharedFile(new string('0', 64), name, 1)));
        var failure = new Dictionary<string, string> { ["errorCode"] = "ERR_DIRECT_INVOKE", ["message"] = "failed to invoke, id: peer-0" };
        routes.MapFallback("/v1.0/invoke/peer-0/method/{**path}", () => Results.Json(failure, statusCode: 500));
    }
}
