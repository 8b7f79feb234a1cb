using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Gateway;
using P2PCloud.OverlayHosting;
using P2PCloud.Peer.Keys;
using P2PCloud.Peer.Overlays;
using P2PCloud.Peer.Sharing;
using P2PCloud.RedisDefaults;
using P2PCloud.ServiceDefaults;
using P2PCloud.Supernode;

namespace P2PCloud.Chart.Tests;

/// <summary>The environment that the chart gives to services, read by the services.</summary>
public sealed class OptionTests
{
    private static readonly Dictionary<string, Type> Sections = new()
    {
        ["Invocation"] = typeof(InvocationOptions),
        ["Redis"] = typeof(RedisOptions),
        ["Node"] = typeof(NodeOptions),
        ["Bootstrap"] = typeof(BootstrapOptions),
        ["Directory"] = typeof(DirectoryOptions),
        ["Gateway"] = typeof(GatewayOptions),
        ["Supernode"] = typeof(SupernodeOptions),
        ["Overlays"] = typeof(OverlayOptions),
        ["Keys"] = typeof(KeyOptions),
        ["Share"] = typeof(ShareOptions),
        ["Logging"] = typeof(LoggerFilterOptions),
    };

    private static readonly string[] Standard =
    [
        "POD_NAME", "REDIS_PASSWORD", "DAPR_API_TOKEN", "APP_API_TOKEN", "ASPNETCORE_HTTP_PORTS", "DOTNET_EnableDiagnostics",
        "shutdownTimeoutSeconds", "DOTNET_GCConserveMemory", "DOTNET_gcServer", "DOTNET_GCHeapHardLimit", "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_RESOURCE_ATTRIBUTES",
    ];

    public static TheoryData<string> All => Sets.Names;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_variable_is_an_option_that_a_service_has(string set) =>
        Assert.All(Services(set).SelectMany(workload => workload.Environment.Keys).Distinct().Except(Standard), name =>
        {
            var parts = name.Split("__");
            var property = Sections[parts[0]].GetProperty(parts[1], BindingFlags.Public | BindingFlags.Instance);
            Assert.True(property is not null || parts[0] == "Logging", $"{name} is no option.");
        });

    [Theory]
    [InlineData("defaults")]
    [InlineData("tiny")]
    [InlineData("full")]
    [InlineData("direct")]
    [InlineData("external Redis")]
    [InlineData("Redis with a password")]
    [InlineData("files for all")]
    public void Every_service_accepts_its_environment(string set) =>
        Assert.All(Services(set), workload =>
        {
            using var app = Apps.Build(workload);
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        });

    [Fact]
    public void Values_reach_the_peers_options()
    {
        var all = Helm.Render(
            "--set", "peers.virtualNodes=2,chord.bits=64,chord.base=16,chord.routing=full,chord.successors=5,chord.replication=2,leaseSeconds=90",
            "--set", "gnutella.ttl=3,gnutella.degree=6,kazaa.mayLead=false,kazaa.minUptimeSeconds=4000,files.maxUploadMiB=2,peers.sharedClaim=library");
        using var peer = Apps.Build(Find(all, "peer"));

        var overlays = OptionsOf<OverlayOptions>(peer);
        Assert.Equal((2, 64, 16, "full", 5, 2), (
            overlays.VirtualNodes, overlays.ChordBits, overlays.ChordBase, overlays.ChordRouting, overlays.ChordSuccessors, overlays.ChordReplication));
        Assert.Equal((3, 6, false), (overlays.GnutellaTtl, overlays.GnutellaDegree, overlays.KazaaMayLead));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(4000)), (overlays.PostingLease, overlays.KazaaMinUptime));
        Assert.Equal(("/data/uploads", "/share", 2L << 20), (
            OptionsOf<ShareOptions>(peer).Uploads, OptionsOf<ShareOptions>(peer).Folder, OptionsOf<ShareOptions>(peer).UploadBytesMax));
        Assert.Equal("/data/keys", OptionsOf<KeyOptions>(peer).DataDirectory);
    }

    [Fact]
    public void Values_reach_the_other_services_options()
    {
        var all = Helm.Render("--set", "kazaa.childrenMax=9,kazaa.degree=8,kazaa.ttl=2,leaseSeconds=90,files.maxUploadMiB=2,supernodes.leaveDeadlineSeconds=7");
        using var supernode = Apps.Build(Find(all, "supernode"));
        using var gateway = Apps.Build(Find(all, "gateway"));
        using var bootstrap = Apps.Build(Find(all, "bootstrap"));
        using var directory = Apps.Build(Find(all, "directory"));

        var leader = OptionsOf<SupernodeOptions>(supernode);
        Assert.Equal((9, 8, 2, TimeSpan.FromSeconds(90), "/data"), (leader.ChildrenMax, leader.Degree, leader.Ttl, leader.ChildLease, leader.DataDirectory));
        Assert.Equal(TimeSpan.FromSeconds(7), OptionsOf<NodeOptions>(supernode).LeaveDeadline);
        Assert.Equal(2L << 20, OptionsOf<GatewayOptions>(gateway).MaxUploadBytes);
        Assert.Equal(TimeSpan.FromSeconds(90), OptionsOf<BootstrapOptions>(bootstrap).Lease);
        Assert.Equal(TimeSpan.FromSeconds(90), OptionsOf<DirectoryOptions>(directory).Lease);
    }

    [Fact]
    public void A_node_is_named_as_its_pod_and_has_the_address_of_pod_DNS()
    {
        using var peer = Apps.Build(Find(Sets.Render("direct"), "peer"));

        var node = OptionsOf<NodeOptions>(peer);
        Assert.Equal("demo-p2pcloud-peer-0", node.App);
        Assert.Equal("http://demo-p2pcloud-peer-0.demo-p2pcloud-peer.p2p.svc.cluster.local:8080", node.Endpoint);
    }

    [Fact]
    public void Bootstrap_and_directory_are_found_under_the_releases_names()
    {
        using var direct = Apps.Build(Find(Sets.Render("direct"), "peer"));
        using var dapr = Apps.Build(Find(Sets.Render("defaults"), "peer"));

        Assert.Equal(InvocationMode.Direct, OptionsOf<InvocationOptions>(direct).Mode);
        Assert.Equal("http://demo-p2pcloud-bootstrap:8080", OptionsOf<InvocationOptions>(direct).Endpoints["bootstrap"]);
        Assert.Equal("http://demo-p2pcloud-directory:8080", OptionsOf<InvocationOptions>(direct).Endpoints["directory"]);
        Assert.Equal(InvocationMode.Dapr, OptionsOf<InvocationOptions>(dapr).Mode);
        Assert.Equal("demo-p2pcloud-bootstrap", OptionsOf<InvocationOptions>(dapr).AppIds["bootstrap"]);
        Assert.Equal("demo-p2pcloud-directory", OptionsOf<InvocationOptions>(dapr).AppIds["directory"]);
    }

    [Fact]
    public void Redis_is_found_inside_and_outside()
    {
        using var inside = Apps.Build(Find(Sets.Render("Redis with a password"), "bootstrap"));
        using var outside = Apps.Build(Find(Sets.Render("external Redis"), "directory"));

        var (own, other) = (OptionsOf<RedisOptions>(inside).Parse(), OptionsOf<RedisOptions>(outside).Parse());
        Assert.Equal(("demo-p2pcloud-redis:6379", "secret", false), ($"{Host(own)}", own.Password, own.Ssl));
        Assert.Equal(("redis:6380", "secret", true), ($"{Host(other)}", other.Password, other.Ssl));
    }

    [Fact]
    public void The_host_waits_for_a_leaving_node()
    {
        using var peer = Apps.Build(Find(Helm.Render("--set", "peers.leaveDeadlineSeconds=100"), "peer"));

        Assert.Equal(TimeSpan.FromSeconds(100), OptionsOf<NodeOptions>(peer).LeaveDeadline);
        Assert.Equal(TimeSpan.FromSeconds(105), OptionsOf<HostOptions>(peer).ShutdownTimeout);
    }

    [Fact]
    public void Logs_are_JSON()
    {
        using var peer = Apps.Build(Find(Sets.Render("defaults"), "peer"));

        Assert.Equal(ConsoleFormatterNames.Json, OptionsOf<ConsoleLoggerOptions>(peer).FormatterName);
    }

    /// <summary>What dashboards, rules and the autoscaler's query know a service by.</summary>
    [Theory]
    [InlineData("bootstrap", "demo-p2pcloud-bootstrap-0")]
    [InlineData("directory", "demo-p2pcloud-directory-0")]
    [InlineData("gateway", "demo-p2pcloud-gateway-0")]
    [InlineData("supernode", "demo-p2pcloud-supernode-0")]
    [InlineData("peer", "demo-p2pcloud-peer-0")]
    public void A_service_tells_its_telemetry_of_its_release_and_its_pod(string component, string pod)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        // Without an exporter: sources are process-wide, and other tests are at work.
        builder.Configuration.AddInMemoryCollection(Apps.SettingsOf(Find(Sets.Render("observability"), component)).Where(it => it.Key == "OTEL_RESOURCE_ATTRIBUTES"));
        builder.AddProcessTelemetry(component);
        using var host = builder.Build();

        var resource = host.Services.GetRequiredService<TracerProvider>().GetResource().Attributes.ToDictionary();

        Assert.Equal(("demo-p2pcloud", component, pod), (resource["service.namespace"], resource["service.name"], resource["service.instance.id"]));
        Assert.Equal(("p2p", pod), (resource["k8s.namespace.name"], resource["k8s.pod.name"]));
        Assert.Contains($"RunAsync(\"{component}\"", File.ReadAllText(Path.Combine(Repository.Root, "services", component, "Program.cs")), StringComparison.Ordinal);
    }

    private static string Host(StackExchange.Redis.ConfigurationOptions options)
    {
        var endpoint = (System.Net.DnsEndPoint)options.EndPoints[0];
        return $"{endpoint.Host}:{endpoint.Port}";
    }

    private static T OptionsOf<T>(WebApplication app)
        where T : class =>
        app.Services.GetRequiredService<IOptions<T>>().Value;

    private static Workload Find(Manifests all, string component) => all.Workloads.Single(workload => workload.Component == component);

    private static IEnumerable<Workload> Services(string set) =>
        Sets.Render(set).Workloads.Where(workload => workload.Component is "bootstrap" or "directory" or "gateway" or "supernode" or "peer");
}
