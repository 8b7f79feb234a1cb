using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

/// <summary>What happens to a release in the hands of people: upgrades, scaling, restarts, wrong values, small machines.</summary>
public sealed partial class OperationTests
{
    private const decimal Gibi = 1024m * 1024 * 1024;

    private static readonly string[] Callees = ["bootstrap", "directory"];

    private static readonly string[] Sizes = ["tiny", "small", "full"];

    public static TheoryData<string> WithSidecars => [.. Sets.WithSidecars];

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Sidecars_give_slow_probes_of_health_time_and_the_gateways_does_not_probe(string set) =>
        Assert.All(Services(set), it =>
        {
            var health = it.Annotations.Where(annotation => annotation.Key.Contains("app-health", StringComparison.Ordinal)).ToDictionary();
            if (it.Component == "gateway")
            {
                Assert.Empty(health);
                return;
            }

            Assert.Equal("true", health["dapr.io/enable-app-health-check"]);
            Assert.Equal("5", health["dapr.io/app-health-threshold"]);
            Assert.InRange(Number(health["dapr.io/app-health-probe-timeout"]), 2000, (Number(health["dapr.io/app-health-probe-interval"]) * 1000) - 1);
        });

    /// <summary>A caller's sidecar keeps an address for 20 s.</summary>
    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Bootstrap_and_directory_stop_after_their_callers_have_forgotten_them(string set) =>
        Assert.All(Services(set).Where(it => Callees.Contains(it.Component)), it => Assert.InRange(PreStop(it), 21, 30));

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void A_sidecar_stays_until_its_service_has_ended_and_both_fit_into_the_pods_time(string set) =>
        Assert.All(Services(set), it =>
        {
            var served = PreStop(it) + Number(it.Environment["shutdownTimeoutSeconds"]!);
            var stay = Number(it.Annotations["dapr.io/block-shutdown-duration"].TrimEnd('s'));
            Assert.InRange(stay, served + 1, served + 10);
            Assert.True(stay + Number(it.Annotations["dapr.io/graceful-shutdown-seconds"]) < it.Template.Spec.TerminationGracePeriodSeconds);
        });

    [Fact]
    public void Without_sidecars_no_service_waits_for_them() =>
        Assert.All(Sets.Render("direct").All<V1Deployment>().Where(it => it.Spec.Template.Spec.Containers[0].Lifecycle is not null), it =>
            Assert.Equal(3, it.Spec.Template.Spec.Containers[0].Lifecycle.PreStop.Sleep.Seconds));

    [Theory]
    [InlineData(1, "5Mi")]
    [InlineData(4, "5Mi")]
    [InlineData(5, "6Mi")]
    public void Sidecars_let_the_services_own_messages_of_4_MiB_pass(int uploads, string limit) =>
        Assert.All(Helm.Render("--set", $"files.maxUploadMiB={uploads}").Workloads.Where(it => it.HasSidecar), it =>
            Assert.Equal(limit, it.Annotations["dapr.io/max-body-size"]));

    [Fact]
    public void The_gateways_sidecar_closes_no_peer_off()
    {
        var all = Sets.Render("defaults");

        Assert.Null(all.Get<DaprResiliency>("demo-p2pcloud-gateway").Spec.Policies!.CircuitBreakers);
        Assert.NotNull(all.Get<DaprResiliency>("demo-p2pcloud-nodes").Spec.Policies!.CircuitBreakers);
    }

    [Fact]
    public void Services_may_take_two_minutes_to_start() =>
        Assert.All(Services("defaults").Select(it => it.Template.Spec.Containers[0].StartupProbe), probe =>
            Assert.Equal(120, probe.FailureThreshold * probe.PeriodSeconds));

    [Theory]
    [InlineData("peers.autoscaling.enabled=true", "peer", 4)]
    [InlineData("peers.autoscaling.enabled=true,peers.autoscaling.minReplicas=6", "peer", 6)]
    [InlineData("peers.keda.enabled=true,observability.enabled=true", "peer", 4)]
    [InlineData("gateway.autoscaling.enabled=true", "gateway", 2)]
    public void An_autoscaler_begins_with_its_least_number(string settings, string component, int replicas) =>
        Assert.Equal(replicas, Replicas(Helm.Render("--set", settings), component));

    [Fact]
    public void An_autoscaler_that_takes_over_keeps_what_runs()
    {
        using var cluster = new StandInCluster(Live("peer", 8), Live("supernode", 3), Live("redis", 1, "8Gi"));
        var all = cluster.Render("--set", "peers.autoscaling.enabled=true,gateway.autoscaling.enabled=true");

        Assert.Equal((8, 2), (Replicas(all, "peer"), Replicas(all, "gateway")));
    }

    [Fact]
    public void Without_an_autoscaler_the_values_decide()
    {
        using var cluster = new StandInCluster(Live("peer", 8));

        Assert.Equal(5, Replicas(cluster.Render("--set", "peers.replicas=5"), "peer"));
    }

    [Theory]
    [InlineData("redis.builtIn.size=8192Mi", null)]
    [InlineData("redis.builtIn.size=16Gi", "StatefulSet demo-p2pcloud-redis has volumes of 8192 MiB (ReadWriteOnce, default storage class), and redis.builtIn asks for volumes of 16384 MiB")]
    [InlineData("redis.builtIn.storageClass=fast", "redis.builtIn asks for volumes of 8192 MiB (ReadWriteOnce, storage class fast)")]
    [InlineData("peers.persistence.enabled=true", "StatefulSet demo-p2pcloud-peer has no volumes, and peers.persistence asks for volumes of 2048 MiB")]
    [InlineData("supernodes.persistence.enabled=true", "StatefulSet demo-p2pcloud-supernode has no volumes")]
    public void Volumes_that_Kubernetes_would_not_let_change_are_refused_with_what_to_do(string setting, string? line)
    {
        using var cluster = new StandInCluster(Live("peer", 8), Live("supernode", 3), Live("redis", 1, "8Gi"));
        var run = cluster.Template("--set", setting);

        Assert.Equal(line is null, run.ExitCode == 0);
        if (line is not null)
        {
            Assert.Contains(line, run.Error, StringComparison.Ordinal);
            Assert.Contains("or uninstall the release and install it again", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_ready_made_sizes_ask_for_one_size_of_each_volume()
    {
        var claims = Sizes.SelectMany(size => Sets.Render(size).All<V1StatefulSet>())
            .SelectMany(it => it.Spec.VolumeClaimTemplates ?? [], (it, claim) => (it.Metadata.Name, claim.Spec.Resources.Requests["storage"].ToString()));

        Assert.Equal(["demo-p2pcloud-peer", "demo-p2pcloud-redis", "demo-p2pcloud-supernode"], claims.Distinct().Select(it => it.Name).Order());
    }

    [Fact]
    public void Names_that_are_numbers_stay_names()
    {
        var run = Helm.Run(
        [
            "template", "7", Helm.Chart, "--namespace", "123", Sets.WithDapr, "--set", "gateway.ingress.enabled=true,peers.persistence.enabled=true", "--set-string",
            "fullnameOverride=a,image.pullSecrets[0]=1,redis.builtIn.passwordSecret=2,redis.builtIn.storageClass=3,peers.sharedClaim=4,dapr.apiToken.existingSecret=5,gateway.ingress.tlsSecret=6",
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotMatch(@"(namespace|instance|trustDomain|name|claimName|secretName|storageClassName|token-secret): *[0-9]+ *[,}\n]", run.Output);
        Assert.All(Manifests.Parse(run.Output).Objects.Cast<IKubernetesObject<V1ObjectMeta>>(), it => Assert.Equal("123", it.Metadata.NamespaceProperty));
    }

    [Fact]
    public void Another_given_token_restarts_the_pods_and_a_made_one_does_not()
    {
        string? Checksum(params string[] settings) =>
            Helm.Render([Sets.WithDapr, .. settings]).Workloads.First(it => it.Component == "peer").Annotations.GetOrNull("checksum/tokens");

        Assert.Null(Checksum());
        Assert.Null(Checksum("--set", "dapr.apiToken.existingSecret=mine"));
        Assert.NotEqual(Checksum("--set", "dapr.apiToken.value=a"), Checksum("--set", "dapr.apiToken.value=b"));
        Assert.NotEqual(Checksum("--set", "dapr.apiToken.value=a"), Checksum("--set", "dapr.appToken.value=a"));
    }

    [Theory]
    [InlineData("dapr.sidecar.memoryRequest=1Gi", "dapr.sidecar.memoryRequest (1Gi) is more than dapr.sidecar.memoryLimit (256Mi)")]
    [InlineData("redis.builtIn.maxMemoryMiB=193", "redis.builtIn.maxMemoryMiB (193) is more than three quarters of redis.builtIn.resources.limits.memory (256Mi)")]
    [InlineData("redis.builtIn.resources.limits.memory=0.2Gi", "more than three quarters of redis.builtIn.resources.limits.memory (0.2Gi)")]
    [InlineData("test.deadlineSeconds=271", "/test/deadlineSeconds")]
    [InlineData("peers.keda.minReplicas=0", "/peers/keda/minReplicas")]
    [InlineData("telemetry.endpoint=https://otel.example.org", "/telemetry/endpoint")]
    [InlineData("peers.extraEnv[0].name=POD_NAME", "extraEnv of peer has POD_NAME, which is set already")]
    [InlineData("gateway.extraEnv[0].name=A,gateway.extraEnv[1].name=A", "extraEnv of gateway has A, which is set already")]
    [InlineData("peers.podLabels.app\\.kubernetes\\.io/name=mine", "app.kubernetes.io/name")]
    public void What_could_not_work_is_refused_with_a_clear_line(string settings, string line)
    {
        var run = Helm.Template("--set", settings);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(line, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_is_left_out_limits_nothing() =>
        Assert.Equal(0, Helm.Template("--set", "redis.builtIn.maxMemoryMiB=1000,redis.builtIn.resources.limits=null").ExitCode);

    [Fact]
    public void Images_of_others_are_pulled_only_where_they_are_missing()
    {
        var all = Helm.Render("--set", "image.pullPolicy=Always,image.pullSecrets[0]=pull");
        var redis = all.Get<V1StatefulSet>("demo-p2pcloud-redis").Spec.Template.Spec;

        Assert.Equal(("IfNotPresent", "pull"), (redis.Containers[0].ImagePullPolicy, Assert.Single(redis.ImagePullSecrets).Name));
        Assert.All(all.Workloads.Where(it => it.HasSidecar), it => Assert.Equal("Always", it.Template.Spec.Containers[0].ImagePullPolicy));
    }

    [Fact]
    public void Pods_and_accounts_take_what_their_owner_adds()
    {
        var all = Helm.Render(
            "--set", "peers.podLabels.team=music,peers.serviceAccount.annotations.role=reader,redis.builtIn.nodeSelector.disk=ssd,redis.builtIn.tolerations[0].operator=Exists");
        var redis = all.Get<V1StatefulSet>("demo-p2pcloud-redis").Spec.Template.Spec;

        Assert.Equal("music", all.Get<V1StatefulSet>("demo-p2pcloud-peer").Spec.Template.Metadata.Labels["team"]);
        Assert.DoesNotContain("team", all.Get<V1StatefulSet>("demo-p2pcloud-peer").Spec.Selector.MatchLabels.Keys);
        Assert.Equal("reader", all.Get<V1ServiceAccount>("demo-p2pcloud-peer").Metadata.Annotations["role"]);
        Assert.Equal(("ssd", "Exists"), (redis.NodeSelector["disk"], Assert.Single(redis.Tolerations).OperatorProperty));
    }

    [Fact]
    public void A_parent_chart_may_switch_it_and_pass_its_globals() =>
        Assert.Equal(0, Helm.Template("--set", "enabled=true,global.region=north").ExitCode);

    [Fact]
    public void Of_the_tiny_cloud_all_limits_at_once_are_below_2_GB() =>
        Assert.InRange(Sum("tiny", resources => resources.Limits["memory"].ToDecimal(), "dapr.io/sidecar-memory-limit"), 1, 2_000_000_000);

    [Theory]
    [InlineData("small")]
    [InlineData("full")]
    public void A_size_says_what_it_requests_and_what_it_may_take(string set)
    {
        var said = Needs().Match(File.ReadAllText(Sets.FileOf(set)));
        decimal Said(string group) => decimal.Parse(said.Groups[group].Value, CultureInfo.InvariantCulture);

        Near(Said("cpu"), Sum(set, resources => resources.Requests["cpu"].ToDecimal(), "dapr.io/sidecar-cpu-request"));
        Near(Said("requested"), Sum(set, resources => resources.Requests["memory"].ToDecimal(), "dapr.io/sidecar-memory-request") / Gibi);
        Near(Said("limit"), Sum(set, resources => resources.Limits["memory"].ToDecimal(), "dapr.io/sidecar-memory-limit") / Gibi);
    }

    [GeneratedRegex(@"request about (?<cpu>[0-9.]+) CPUs and (?<requested>[0-9.]+) GiB, and may take (?<limit>[0-9.]+) GiB")]
    private static partial Regex Needs();

    private static void Near(decimal said, decimal real) => Assert.InRange(said, real * 0.9m, real * 1.1m);

    /// <summary>Of all pods at once, that of the test too. Containers that run before others count where they need more.</summary>
    private static decimal Sum(string set, Func<V1ResourceRequirements, decimal> amount, string ofSidecar)
    {
        var all = Sets.Render(set);
        return all.Workloads.Sum(it =>
        {
            var pod = it.Template.Spec;
            var own = Math.Max(
                pod.Containers.Sum(container => amount(container.Resources)),
                (pod.InitContainers ?? []).Select(container => amount(container.Resources)).DefaultIfEmpty().Max());
            var sidecar = it.Annotations.GetOrNull(ofSidecar) is { } text ? new ResourceQuantity(text).ToDecimal() : 0;
            return Replicas(all, it.Component) * (own + sidecar);
        });
    }

    private static int Replicas(Manifests all, string component) =>
        all.All<V1Deployment>().Where(it => it.Metadata.Name == $"demo-p2pcloud-{component}").Select(it => it.Spec.Replicas!.Value)
            .Concat(all.All<V1StatefulSet>().Where(it => it.Metadata.Name == $"demo-p2pcloud-{component}").Select(it => it.Spec.Replicas!.Value))
            .DefaultIfEmpty(1).Single();

    private static IEnumerable<Workload> Services(string set) => Sets.Render(set).Workloads.Where(it => it.HasSidecar);

    private static int PreStop(Workload workload) => (int)(workload.Template.Spec.Containers[0].Lifecycle?.PreStop.Sleep.Seconds ?? 0);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static V1StatefulSet Live(string component, int replicas, string? volume = null) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = new V1ObjectMeta
        {
            Name = $"demo-p2pcloud-{component}",
            NamespaceProperty = "p2p",
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "Helm" },
            Annotations = new Dictionary<string, string> { ["meta.helm.sh/release-name"] = "demo", ["meta.helm.sh/release-namespace"] = "p2p" },
        },
        Spec = new V1StatefulSetSpec
        {
            Replicas = replicas,
            VolumeClaimTemplates = volume is null ? null :
            [
                new V1PersistentVolumeClaim
                {
                    Spec = new V1PersistentVolumeClaimSpec
                    {
                        AccessModes = ["ReadWriteOnce"],
                        Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(volume) } },
                    },
                },
            ],
        },
    };
}

/// <summary>As much of a Kubernetes API as helm asks when a chart looks for objects: what kinds there are, and the given StatefulSets.</summary>
internal sealed class StandInCluster : IDisposable
{
    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["v1"] = ["Secret", "Service", "ServiceAccount", "ConfigMap"],
        ["apps/v1"] = ["StatefulSet", "Deployment"],
        ["policy/v1"] = ["PodDisruptionBudget"],
        ["networking.k8s.io/v1"] = ["NetworkPolicy"],
        ["autoscaling/v2"] = ["HorizontalPodAutoscaler"],
        ["batch/v1"] = ["Job"],
        ["dapr.io/v1alpha1"] = ["Configuration", "Resiliency"],
    };

    private readonly HttpListener _listener = new();
    private readonly string _configuration = Path.GetTempFileName();
    private readonly Dictionary<string, object> _answers;

    public StandInCluster(params V1StatefulSet[] live)
    {
        _answers = live.ToDictionary(it => $"/apis/apps/v1/namespaces/p2p/statefulsets/{it.Metadata.Name}", object (it) => it);
        _answers["/version"] = new VersionInfo { Major = "1", Minor = "31", GitVersion = "v1.31.0" };
        _answers["/api"] = new V1APIVersions { Versions = ["v1"] };
        _answers["/apis"] = new V1APIGroupList
        {
            Groups = [.. Kinds.Keys.Where(version => version != "v1").Select(GroupOf)],
        };
        foreach (var (version, kinds) in Kinds)
        {
            _answers[version == "v1" ? "/api/v1" : $"/apis/{version}"] = new V1APIResourceList { GroupVersion = version, Resources = [.. kinds.Select(ResourceOf)] };
        }

        var address = Listen();
        File.WriteAllText(
            _configuration,
            $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "it", "users": [{ "name": "it", "user": {} }],
              "clusters": [{ "name": "it", "cluster": { "server": "{{address}}" } }], "contexts": [{ "name": "it", "context": { "cluster": "it", "user": "it" } }] }
            """);
        // Not where tests run: they wait for helm, and helm for this.
        _ = Task.Run(AnswerAsync);
    }

    public HelmRun Template(params string[] arguments) =>
        Helm.Template(["--dry-run=server", "--disable-openapi-validation", "--kubeconfig", _configuration, .. arguments]);

    public Manifests Render(params string[] arguments)
    {
        var run = Template(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return Manifests.Parse(run.Output);
    }

    public void Dispose()
    {
        _listener.Close();
        File.Delete(_configuration);
    }

    private static V1APIGroup GroupOf(string groupVersion)
    {
        var version = new V1GroupVersionForDiscovery { GroupVersion = groupVersion, Version = groupVersion.Split('/')[1] };
        return new V1APIGroup { Name = groupVersion.Split('/')[0], Versions = [version], PreferredVersion = version };
    }

    private static V1APIResource ResourceOf(string kind) => new()
    {
        Name = kind.EndsWith('y') ? $"{kind[..^1].ToLowerInvariant()}ies" : $"{kind.ToLowerInvariant()}s",
        SingularName = "",
        Kind = kind,
        Namespaced = true,
        Verbs = ["get", "list"],
    };

    private string Listen()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        _listener.Prefixes.Add($"{address}/");
        _listener.Start();
        return address;
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var found = _answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
            context.Response.StatusCode = found ? 200 : 404;
            context.Response.ContentType = "application/json";
            var body = found ? KubernetesJson.Serialize(answer) : """{ "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404 }""";
            context.Response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: false);
        }
    }
}
