using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Peer;
using P2PCloud.Sidecar;
using P2PCloud.Supernode;

namespace P2PCloud.Chart.Tests;

/// <summary>The list of calls beside what services really do: clouds at work behind sidecars that enforce the rendered lists.</summary>
public sealed class CallTests
{
    /// <summary>Operations that no service sends to another, with the reason.</summary>
    private static readonly Dictionary<string, string> Unsent = new()
    {
        ["/boot/report"] = "a hint that BOOT takes and makes no use of; no service gives it",
        ["/kazaa/stand"] = "a peer says it to itself, in its process",
        ["/gnutella/route-table-reset"] = "from leaves to ultrapeers; the services' servents are all alike",
        ["/gnutella/route-table-patch"] = "from leaves to ultrapeers; the services' servents are all alike",
    };

    private static readonly Lock Gate = new();
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;
    private static Task<GuardedClouds>? _run;

    public static TheoryData<string> Callees => [AppIds.Bootstrap, AppIds.Directory, "supernode", "peer"];

    [Theory]
    [MemberData(nameof(Callees))]
    public async Task Every_call_of_the_list_is_answered_by_its_callee(string callee)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Node:App"] = "peer-0", ["Redis:Configuration"] = "127.0.0.1:1" });
        var (add, map) = Service(callee);
        add(builder);
        await using var app = builder.Build();
        map(app);
        var served = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [], (it, verb) => $"{verb} {it.RoutePattern.RawText}");

        Assert.Subset(served.ToHashSet(), Calls.All.Where(call => call.Callee == callee).Select(call => $"{call.Verb} {call.Path}").ToHashSet());
    }

    [Fact]
    public async Task No_call_of_clouds_at_work_is_refused_by_the_rendered_lists()
    {
        var clouds = await RunAsync();

        AssertNone("refused, though made", clouds.Refused);
    }

    [Fact]
    public async Task No_call_of_clouds_at_work_is_ended_by_the_rendered_policies()
    {
        var clouds = await RunAsync();

        var lines = clouds.Ended.CountBy(call => $"ended by {call.By}: {call.Caller} -> {call.Callee} {call.Verb} {call.Path}").ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines.Select(line => $"{line.Key}, {line.Value} times").Order()));
    }

    [Fact]
    public void Nodes_have_policies_for_their_calls()
    {
        var node = new GuardedClouds(AccessLists.Render(), TimeSpan.Zero).WithPolicies(new SidecarSettings
        {
            AppId = $"{AccessLists.Release}{AppIds.Peer(0)}",
            AppAddress = () => null,
            Resolve = (_, _) => ValueTask.FromResult<string?>(null),
        });

        Assert.True(node.CallTimeout > TimeSpan.Zero);
        Assert.True(node.Breaker is { ConsecutiveFailures: > 0 } breaker && breaker.Timeout > TimeSpan.Zero);
    }

    /// <summary>What nobody makes is a door left open.</summary>
    [Fact]
    public async Task Every_entry_of_the_rendered_lists_is_used_by_clouds_at_work()
    {
        var clouds = await RunAsync();

        Assert.True(clouds.SteppedDown);
        AssertNone("allowed, though not made", clouds.Unused);
    }

    [Fact]
    public async Task Every_operation_between_nodes_is_sent_or_known_not_to_be()
    {
        var clouds = await RunAsync();

        var sent = clouds.Allowed.Concat(clouds.Refused).Where(call => call.Verb == "POST").Select(call => call.Path).ToHashSet();
        Assert.Equal(WireOperations.ByRequest.Values.Select(operation => operation.Path).Except(sent).Order(), Unsent.Keys.Order());
    }

    [Fact]
    public async Task A_call_without_an_entry_is_refused_and_told()
    {
        var missing = new Call("directory", "gateway", "POST", "/napster/list");
        var clouds = new GuardedClouds(AccessLists.Render().Without(missing), TimeSpan.Zero);
        await using var cloud = await clouds.StartAsync(1, Limit, configure: (app, builder) =>
        {
            if (app == AppIds.Peer(0))
            {
                builder.Services.AddHostedService<Novelty>();
            }
        });

        await GuardedClouds.AskAsync(cloud.Http, HttpMethod.Get, "/api/v1/files", Limit);

        Assert.Equal([missing, new Call("directory", "peer", "POST", "/napster/list")], clouds.Refused.OrderBy(call => call.Caller));
    }

    private static void AssertNone(string fault, IEnumerable<Call> calls)
    {
        var lines = calls.Select(call => $"{fault}: {call.Caller} -> {call.Callee} {call.Verb} {call.Path}").Order().ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    /// <summary>One run for all tests here: it takes a while.</summary>
    private static Task<GuardedClouds> RunAsync()
    {
        var lists = AccessLists.Render();
        lock (Gate)
        {
            return _run ??= RunAsync(lists);
        }
    }

    private static async Task<GuardedClouds> RunAsync(AccessLists lists)
    {
        var clouds = new GuardedClouds(lists, TimeSpan.FromMinutes(3));
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await clouds.TellEventsAsync(end.Token);
        await clouds.UseAllAsync(end.Token);
        return clouds;
    }

    private static (Action<WebApplicationBuilder> Add, Action<WebApplication> Map) Service(string component) => component switch
    {
        AppIds.Bootstrap => (BootstrapService.Add, BootstrapService.Map),
        AppIds.Directory => (DirectoryService.Add, DirectoryService.Map),
        "supernode" => (SupernodeService.Add, SupernodeService.Map),
        _ => (PeerService.Add, PeerService.Map),
    };

    /// <summary>Work that a peer does not have, with a call that the lists do not know for peers.</summary>
    private sealed class Novelty(HttpMessageInvoker invoker) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://directory/napster/list") { Content = new StringContent("{}") };
            using var answer = await invoker.SendAsync(request, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
