using System.Globalization;
using k8s.Models;
using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

public sealed class DaprTests
{
    private const string AppId = "dapr.io/app-id";

    /// <summary>Annotations that Dapr 1.18 knows and the chart uses. An unknown one would be passed over in silence.</summary>
    private static readonly HashSet<string> Annotations =
    [
        "dapr.io/enabled", AppId, "dapr.io/config", "dapr.io/app-port", "dapr.io/app-protocol", "dapr.io/api-token-secret", "dapr.io/app-token-secret",
        "dapr.io/log-level", "dapr.io/log-as-json", "dapr.io/sidecar-image", "dapr.io/sidecar-cpu-request", "dapr.io/sidecar-memory-request",
        "dapr.io/sidecar-memory-limit", "dapr.io/env", "dapr.io/sidecar-seccomp-profile-type", "dapr.io/sidecar-readiness-probe-period-seconds",
        "dapr.io/sidecar-readiness-probe-threshold", "dapr.io/enable-app-health-check", "dapr.io/app-health-check-path",
        "dapr.io/app-health-probe-interval", "dapr.io/app-health-probe-timeout", "dapr.io/app-health-threshold",
        "dapr.io/block-shutdown-duration", "dapr.io/graceful-shutdown-seconds",
        "dapr.io/max-body-size", "dapr.io/disable-builtin-k8s-secret-store", "dapr.io/placement-host-address", "dapr.io/scheduler-host-address",
    ];

    /// <summary>Those that no value changes.</summary>
    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["dapr.io/enabled"] = "true",
        ["dapr.io/app-protocol"] = "http",
        ["dapr.io/log-as-json"] = "true",
        ["dapr.io/sidecar-seccomp-profile-type"] = "RuntimeDefault",
        ["dapr.io/disable-builtin-k8s-secret-store"] = "true",
        ["dapr.io/placement-host-address"] = "",
        ["dapr.io/scheduler-host-address"] = "",
    };

    public static TheoryData<string> WithSidecars => [.. Sets.WithSidecars];

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Pods_of_StatefulSets_have_no_app_id_annotation_and_others_one_that_is_the_releases_own(string set)
    {
        var all = Sets.Render(set);
        Assert.All(all.All<V1StatefulSet>(), it => Assert.DoesNotContain(AppId, it.Spec.Template.Metadata.Annotations?.Keys ?? []));
        Assert.All(all.All<V1Deployment>().Where(it => HasSidecar(it.Spec.Template)), it =>
            Assert.Equal(it.Metadata.Name, it.Spec.Template.Metadata.Annotations[AppId]));
    }

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void The_five_services_have_sidecars_with_annotations_that_Dapr_knows_and_a_Configuration_of_their_own(string set)
    {
        var all = Sets.Render(set);
        var services = all.Workloads.Where(workload => workload.HasSidecar).ToList();

        Assert.Equal(["bootstrap", "directory", "gateway", "peer", "supernode"], services.Select(it => it.Component).Order());
        Assert.All(services, it =>
        {
            Assert.Subset(Annotations, it.Annotations.Keys.Where(key => key.StartsWith("dapr.io/", StringComparison.Ordinal)).ToHashSet());
            Assert.Equal(it.Metadata.Name, all.Get<DaprConfiguration>(it.Annotations["dapr.io/config"]).Metadata.Name);
            Assert.Equal($"{it.Template.Spec.Containers[0].Ports[0].ContainerPort}", it.Annotations["dapr.io/app-port"]);
        });
    }

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void What_annotations_say_is_what_Dapr_takes(string set) =>
        Assert.All(Sets.Render(set).Workloads.Where(workload => workload.HasSidecar), it =>
        {
            Assert.All(Fixed, annotation => Assert.Equal(annotation.Value, it.Annotations[annotation.Key]));
            Assert.Contains(it.Annotations["dapr.io/log-level"], (string[])["debug", "info", "warn", "error"]);
            Assert.InRange(Seconds(it.Annotations["dapr.io/sidecar-readiness-probe-period-seconds"]), 1, 10);
            Assert.InRange(Seconds(it.Annotations["dapr.io/sidecar-readiness-probe-threshold"]), 1, 10);
            var stay = it.Annotations["dapr.io/block-shutdown-duration"];
            Assert.EndsWith("s", stay, StringComparison.Ordinal);
            Assert.InRange(
                Seconds(stay.TrimEnd('s')) + Seconds(it.Annotations["dapr.io/graceful-shutdown-seconds"]), 1, it.Template.Spec.TerminationGracePeriodSeconds!.Value);
        });

    /// <summary>Go's limit is what its collector keeps below, the container's what it is killed at.</summary>
    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void A_sidecar_collects_before_it_reaches_its_limit_and_takes_the_largest_upload(string set)
    {
        var services = Sets.Render(set).Workloads.Where(workload => workload.HasSidecar).ToList();
        var upload = decimal.Parse(services.Single(it => it.Component == "peer").Environment["Share__UploadBytesMax"]!, CultureInfo.InvariantCulture);
        Assert.All(services, it =>
        {
            var limit = Amount(it.Annotations["dapr.io/sidecar-memory-limit"]);
            Assert.InRange(Amount(it.Annotations["dapr.io/sidecar-memory-request"]), 1, limit);
            Assert.InRange(Amount(it.Annotations["dapr.io/sidecar-cpu-request"]), 0.001m, 4);
            Assert.StartsWith("GOMEMLIMIT=", it.Annotations["dapr.io/env"], StringComparison.Ordinal);
            Assert.InRange(Amount(it.Annotations["dapr.io/env"]["GOMEMLIMIT=".Length..].TrimEnd('B')), limit / 2, limit * 0.95m);
            Assert.True(Amount(it.Annotations["dapr.io/max-body-size"]) > upload);
        });
    }

    [Fact]
    public void Without_Dapr_nothing_of_it_is_left()
    {
        var run = Helm.Template(Sets.Arguments("direct"));

        Assert.DoesNotContain("dapr", run.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Callees_refuse_what_is_not_named(string set)
    {
        var all = Sets.Render(set);
        Assert.All(all.All<DaprConfiguration>(), it =>
        {
            Assert.Equal("deny", it.Spec.AccessControl!.DefaultAction);
            Assert.All(it.Spec.AccessControl.Policies!, policy =>
            {
                Assert.Equal(("deny", it.Spec.AccessControl.TrustDomain, "p2p"), (policy.DefaultAction, policy.TrustDomain, policy.Namespace));
                Assert.InRange(policy.AppId!.Length, 1, 58);
                Assert.All(policy.Operations!, operation => Assert.Equal("allow", operation.Action));
                Assert.All(policy.Operations!, operation => Assert.DoesNotContain('*', operation.Name!));
            });
        });
    }

    [Fact]
    public void A_trust_domain_of_ones_own_is_that_of_every_list() =>
        Assert.All(Sets.Render("everything else").All<DaprConfiguration>(), it => Assert.Equal("music.example", it.Spec.AccessControl!.TrustDomain));

    /// <summary>Dapr goes down a path by its segments, and the first operation on the way decides on all below it (dapr/dapr, pkg/config/acl_trie.go).</summary>
    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void No_operation_of_a_caller_decides_otherwise_on_the_path_of_another(string set) =>
        Assert.All(Sets.Render(set).All<DaprConfiguration>().SelectMany(it => it.Spec.AccessControl!.Policies!), policy => Assert.Empty(Shadowed(policy.Operations!)));

    [Theory]
    [InlineData("GET", true)]
    [InlineData("GET PUT DELETE", true)]
    [InlineData("PUT DELETE", false)]
    public void An_operation_below_another_with_other_verbs_is_noticed(string verbs, bool noticed)
    {
        string[] paths = ["/file", "/files-of-mine", "/files/content"];
        IList<AppOperation> operations = [Operation("/files", "PUT DELETE"), .. paths.Select(path => Operation(path, verbs))];

        Assert.Equal(noticed ? ["/files decides on /files/content"] : [], Shadowed(operations));

        static AppOperation Operation(string path, string verbs) => new() { Name = path, HttpVerb = verbs.Split(' '), Action = "allow" };
    }

    [Theory]
    [InlineData("defaults", 64, 8)]
    [InlineData("tiny", 8, 2)]
    [InlineData("full", 160, 24)]
    public void The_calls_of_the_list_are_allowed_to_every_node_that_there_may_be(string set, int peers, int supernodes)
    {
        var all = Sets.Render(set);
        Assert.All(Calls.All.GroupBy(call => call.Callee), callee =>
        {
            var expected = callee.GroupBy(call => call.Caller).SelectMany(
                caller => AppIdsOf(caller.Key, peers, supernodes),
                (caller, app) => (app, string.Join(' ', caller.Select(call => $"{call.Verb} {call.Path}").Order())));
            var policies = all.Get<DaprConfiguration>($"demo-p2pcloud-{callee.Key}").Spec.AccessControl!.Policies!.Select(policy => (
                policy.AppId!,
                string.Join(' ', policy.Operations!.SelectMany(it => it.HttpVerb!, (it, verb) => $"{verb} {it.Name}").Order())));
            Assert.Equal(expected.Order(), policies.Order());
        });
        Assert.Empty(all.Get<DaprConfiguration>("demo-p2pcloud-gateway").Spec.AccessControl!.Policies!);
    }

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Names_are_resolved_alike_everywhere(string set) =>
        Assert.Single(Sets.Render(set).All<DaprConfiguration>().Select(it =>
        {
            Assert.Equal(("kubernetes", "v1"), (it.Spec.NameResolution!.Component, it.Spec.NameResolution.Version));
            return string.Join(',', it.Spec.NameResolution.Configuration!);
        }).Distinct());

    [Fact]
    public void Without_the_template_every_node_that_there_may_be_has_a_Service()
    {
        var all = Sets.Render("services for pods");
        var services = all.All<V1Service>().Where(it => it.Metadata.Name.EndsWith("-dapr", StringComparison.Ordinal)).ToList();

        Assert.Equal(64 + 8, services.Count);
        Assert.All(services, it => Assert.Equal($"{it.Spec.Selector["statefulset.kubernetes.io/pod-name"]}-dapr", it.Metadata.Name));
        Assert.All(services, it => Assert.True(it.Spec.ClusterIP == "None" && it.Spec.PublishNotReadyAddresses == true && it.Spec.Ports[0].Port == 50002));
        Assert.All(all.All<DaprConfiguration>(), it => Assert.DoesNotContain("template", it.Spec.NameResolution!.Configuration!.Keys));
    }

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Resiliency_names_no_app_as_a_target_and_concerns_this_release_alone(string set)
    {
        var all = Sets.Render(set);
        Assert.All(all.All<DaprResiliency>(), it => Assert.All(it.Scopes!, app => Assert.StartsWith("demo-p2pcloud-", app, StringComparison.Ordinal)));
        Assert.All(all.All<DaprResiliency>(), it => Assert.Equal("DaprBuiltInServiceRetries", Assert.Single(it.Spec.Policies!.Retries!).Key));
        Assert.Null(all.Get<DaprResiliency>("demo-p2pcloud-gateway").Spec.Policies!.Timeouts);
    }

    [Fact]
    public void A_Configuration_of_the_largest_cloud_fits_the_store_of_the_cluster()
    {
        const int etcdRequestMax = 1_500_000;
        var run = Helm.Template("--values", Sets.FileOf("full"), "--set", "peers.maxReplicas=256,supernodes.maxReplicas=64");

        Assert.All(run.Output.Split("\n---\n"), document => Assert.InRange(document.Length, 1, etcdRequestMax));
    }

    [Fact]
    public void Spans_go_where_telemetry_says()
    {
        var secure = Sets.Render("secure telemetry").Get<DaprConfiguration>("demo-p2pcloud-peer").Spec.Tracing!.Otel!;
        var tiny = Sets.Render("tiny").Get<DaprConfiguration>("demo-p2pcloud-peer").Spec.Tracing!.Otel!;

        Assert.Equal(("otel.example.org:4317", true), (secure.EndpointAddress, secure.IsSecure!.Value));
        Assert.Equal(("demo-p2pcloud-jaeger.p2p.svc.cluster.local:4317", false), (tiny.EndpointAddress, tiny.IsSecure!.Value));
        Assert.All(Sets.Render("observability").All<DaprConfiguration>(), it => Assert.Equal(
            ("demo-p2pcloud-collector.p2p.svc.cluster.local:4317", false), (it.Spec.Tracing!.Otel!.EndpointAddress, it.Spec.Tracing.Otel.IsSecure!.Value)));
        Assert.Null(Sets.Render("defaults").Get<DaprConfiguration>("demo-p2pcloud-peer").Spec.Tracing!.Otel);
    }

    private static IEnumerable<string> Shadowed(IList<AppOperation> operations) =>
        from upper in operations
        from lower in operations
        where lower.Name!.StartsWith($"{upper.Name!.TrimEnd('/')}/", StringComparison.Ordinal)
        where upper.Action != lower.Action || !upper.HttpVerb!.ToHashSet().SetEquals(lower.HttpVerb!)
        select $"{upper.Name} decides on {lower.Name}";

    private static int Seconds(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static decimal Amount(string quantity) => new ResourceQuantity(quantity).ToDecimal();

    private static bool HasSidecar(V1PodTemplateSpec template) => template.Metadata.Annotations?.ContainsKey("dapr.io/enabled") is true;

    private static IEnumerable<string> AppIdsOf(string component, int peers, int supernodes) => component switch
    {
        "peer" => Enumerable.Range(0, peers).Select(number => $"demo-p2pcloud-peer-{number}"),
        "supernode" => Enumerable.Range(0, supernodes).Select(number => $"demo-p2pcloud-supernode-{number}"),
        _ => [$"demo-p2pcloud-{component}"],
    };
}
