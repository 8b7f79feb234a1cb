using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Local;
using P2PCloud.Peer;
using P2PCloud.ServiceDefaults;
using P2PCloud.Supernode;

namespace P2PCloud.Chart.Tests;

/// <summary>The list of calls beside what services really do.</summary>
public sealed class CallTests
{
    private const int RoundsMax = 60;

    /// <summary>
    /// Calls that a short run does not surely make: which peers come to lead, and link with which leaders, is chance; route tables and changes
    /// of the ring are told from time to time.
    /// </summary>
    private static readonly HashSet<string> Rare =
    [
        "/kazaa/leader-query", "/kazaa/leader-hit", "/kazaa/leader-connect", "/kazaa/leader-ping", "/kazaa/leader-bye",
        "/gnutella/route-table-reset", "/gnutella/route-table-patch", "/chord/events",
    ];

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

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

    /// <summary>Two ways: a call that is not listed would be refused on a cluster, and one that nobody makes is a door left open.</summary>
    [Fact]
    public async Task The_list_has_the_calls_of_clouds_at_work_and_no_others()
    {
        var seen = new ConcurrentDictionary<Call, bool>();
        await WithCloudAsync(seen, "full", 3, (cloud, _) => cloud.StopServiceAsync("peer-2", Limit));
        await WithCloudAsync(seen, "fingers", 8, async (cloud, http) =>
        {
            for (var round = 0; round < RoundsMax && Unseen(seen).Any(); round++)
            {
                await UseAsync(http, round);
            }

            await cloud.StopServiceAsync("peer-7", Limit);
            await cloud.StopServiceAsync("supernode-1", Limit);
            await AskAsync(http, HttpMethod.Get, "/api/v1/topology");
        });

        AssertNone("refused, though made", seen.Keys.Except(Calls.All));
        AssertNone("allowed, though not made", Unseen(seen));
    }

    private static void AssertNone(string fault, IEnumerable<Call> calls)
    {
        var lines = calls.Select(call => $"{fault}: {call.Caller} -> {call.Callee} {call.Verb} {call.Path}").Order().ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    private static IEnumerable<Call> Unseen(ConcurrentDictionary<Call, bool> seen) =>
        Calls.All.Except(seen.Keys).Where(call => !Rare.Contains(call.Path));

    private static async Task WithCloudAsync(
        ConcurrentDictionary<Call, bool> seen, string routing, int peers, Func<LocalCloud, HttpClient, Task> use)
    {
        var options = new LocalCloudOptions
        {
            Port = 0,
            Peers = peers,
            Supernodes = 2,
            VirtualNodes = 2,
            Lease = TimeSpan.FromSeconds(2),
            Configure = (app, builder) =>
            {
                // So few children that peers lead, too.
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Overlays:ChordRouting"] = routing,
                    ["Overlays:KazaaMinUptime"] = "00:00:00",
                    ["Overlays:ShufflePeriod"] = "00:00:00.200",
                    ["Supernode:ChildrenMax"] = "2",
                });
                builder.Services.AddSingleton<HttpMessageInvoker>(provider => new Recorder(app, seen, NodeTransport.Create(
                    provider.GetRequiredService<IOptions<InvocationOptions>>().Value, provider.GetRequiredService<SocketsHttpHandler>())));
            },
        };
        await using var cloud = await LocalCloud.StartAsync(options, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit);
        using var http = new HttpClient { BaseAddress = cloud.Gateway };
        await use(cloud, http);
    }

    private static async Task UseAsync(HttpClient http, int round)
    {
        var contentId = await ShareAsync(http, Encoding.UTF8.GetBytes($"na na nananana {round}"), round % 8);
        string[] ways = ["napster", "kazaa", "chord&mode=recursive", "chord&mode=iterative", "gnutella", "gnutella&mode=random-walk"];
        foreach (var (way, number) in ways.Select((way, number) => (way, (number + round) % 8)))
        {
            await AskAsync(http, HttpMethod.Get, $"/api/v1/lookups?q=jude&technique={way}&from=peer-{number}");
            await AskAsync(http, HttpMethod.Put, $"/api/v1/keys/greeting-{number}?from=peer-{number}", "hey jude");
            await AskAsync(http, HttpMethod.Get, $"/api/v1/keys/greeting-{number}?from=peer-{7 - number}");
        }

        await AskAsync(http, HttpMethod.Get, "/api/v1/files");
        await AskAsync(http, HttpMethod.Head, $"/api/v1/files/{contentId}");
        await AskAsync(http, HttpMethod.Get, $"/api/v1/files/{contentId}");
        await AskAsync(http, HttpMethod.Get, $"/api/v1/files/{new string('0', 64)}");
        await AskAsync(http, HttpMethod.Delete, $"/api/v1/keys/greeting-{round % 8}");
        await AskAsync(http, HttpMethod.Delete, $"/api/v1/files/{contentId}");
        await AskAsync(http, HttpMethod.Get, "/api/v1/topology");
    }

    private static async Task<string> ShareAsync(HttpClient http, byte[] bytes, int peer)
    {
        using var body = new ByteArrayContent(bytes);
        using var answer = await http.PutAsync(new Uri($"/api/v1/files?name=hey%20jude.txt&peer=peer-{peer}", UriKind.Relative), body, Limit);
        answer.EnsureSuccessStatusCode();
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static async Task AskAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        using var answer = await http.SendAsync(request, Limit);
        Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{method} {path}: {answer.StatusCode}");
    }

    private static (Action<WebApplicationBuilder> Add, Action<WebApplication> Map) Service(string component) => component switch
    {
        AppIds.Bootstrap => (BootstrapService.Add, BootstrapService.Map),
        AppIds.Directory => (DirectoryService.Add, DirectoryService.Map),
        "supernode" => (SupernodeService.Add, SupernodeService.Map),
        _ => (PeerService.Add, PeerService.Map),
    };

    /// <summary>Notes every call from one service to another. Calls of a service to itself are no business of an access-control list.</summary>
    private sealed class Recorder(string caller, ConcurrentDictionary<Call, bool> seen, HttpMessageInvoker inner) : HttpMessageInvoker(new SocketsHttpHandler())
    {
        public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var callee = request.RequestUri!.Host;
            if (callee != caller)
            {
                seen[new Call(ComponentOf(callee), ComponentOf(caller), request.Method.Method, request.RequestUri.AbsolutePath)] = true;
            }

            return inner.SendAsync(request, cancellationToken);
        }

        private static string ComponentOf(string app) => app.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('-');
    }
}
