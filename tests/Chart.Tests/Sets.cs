namespace P2PCloud.Chart.Tests;

/// <summary>The arguments with which the chart is rendered in tests that hold for all of them.</summary>
internal static class Sets
{
    /// <summary>Tells the chart that the cluster has Dapr, so that it makes the tokens' Secrets.</summary>
    public const string WithDapr = "--api-versions=dapr.io/v1alpha1";

    private static readonly Dictionary<string, string[]> Switches = new()
    {
        ["defaults"] = [],
        ["tiny"] = ["--values", FileOf("tiny")],
        ["small"] = ["--values", FileOf("small")],
        ["full"] = ["--values", FileOf("full")],
        ["direct"] = ["--set", "dapr.enabled=false"],
        ["direct tiny"] = ["--values", FileOf("tiny"), "--set", "dapr.enabled=false"],
        ["services for pods"] = ["--set", "peers.addressing=services"],
        ["external Redis"] = ["--set", "redis.builtIn.enabled=false,redis.external.address=redis:6380,redis.external.tls=true,redis.external.passwordSecret=pw"],
        ["Redis with a password"] = ["--set", "redis.builtIn.passwordSecret=pw"],
        ["persistence"] = ["--set", "peers.persistence.enabled=true,supernodes.persistence.enabled=true,peers.persistence.storageClass=fast"],
        ["no tokens"] = ["--set", "dapr.apiToken.enabled=false,dapr.appToken.enabled=false"],
        ["own tokens"] = ["--set", "dapr.apiToken.existingSecret=mine,dapr.appToken.value=abc"],
        ["autoscaling"] = ["--set", "peers.autoscaling.enabled=true,gateway.autoscaling.enabled=true"],
        ["KEDA"] = ["--set", "peers.keda.enabled=true,peers.keda.prometheusAddress=http://prometheus.observability.svc:9090"],
        ["KEDA with the chart's Prometheus"] = ["--set", "peers.keda.enabled=true,observability.enabled=true"],
        ["observability"] = ["--set", "observability.enabled=true"],
        ["direct observability"] = ["--set", "observability.enabled=true,dapr.enabled=false"],
        ["Jaeger alone"] =
        [
            "--set", "observability.enabled=true,observability.collector.enabled=false,observability.prometheus.enabled=false,observability.grafana.enabled=false",
        ],
        ["Ingress"] = ["--set", "gateway.ingress.enabled=true,gateway.ingress.className=nginx,gateway.ingress.tlsSecret=cert"],
        ["HTTPRoute"] = ["--set", "gateway.httpRoute.enabled=true,gateway.httpRoute.parentRefs[0].name=public,gateway.httpRoute.hostnames[0]=p2p.example.org"],
        ["secure telemetry"] = ["--set", "telemetry.endpoint=https://otel.example.org:4317"],
        ["bare"] = ["--set", "networkPolicy.enabled=false,podDisruptionBudget.enabled=false,topologySpread.enabled=false"],
        ["placed"] = ["--set", "peers.nodeSelector.disk=ssd,peers.tolerations[0].operator=Exists,priorityClassName=high,image.registry=example.org,image.pullSecrets[0]=pull"],
        ["files for all"] = ["--set", "peers.sharedClaim=library"],
        ["everything else"] =
        [
            "--set", "dapr.hotReload=false,dapr.trustDomain=music.example,dapr.sidecar.image=example.org/daprd:1.18.0,test.image=example.org/cli",
            "--set", "gateway.service.type=LoadBalancer,topologySpread.whenUnsatisfiable=DoNotSchedule,networkPolicy.metricsNamespaces[0]=monitoring",
            "--set-string", "peers.extraEnv[0].name=DOTNET_gcServer,peers.extraEnv[0].value=0,gateway.podAnnotations.note=1,peers.podAnnotations.note=2",
            "--set-json", """peers.affinity={"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disk","operator":"Exists"}]}]}}}""",
        ],
        ["direct small with Redis outside"] =
        [
            "--values", FileOf("small"), "--set", "dapr.enabled=false,redis.builtIn.enabled=false,redis.external.address=redis:6380,gateway.ingress.enabled=true",
        ],
        ["full, KEDA and an HTTPRoute"] =
        [
            "--values", FileOf("full"), "--set", "peers.keda.enabled=true,peers.keda.prometheusAddress=http://prometheus.observability.svc:9090",
            "--set", "gateway.httpRoute.enabled=true,gateway.httpRoute.parentRefs[0].name=public,peers.sharedClaim=library,dapr.apiToken.existingSecret=mine",
        ],
        ["services for pods that are kept and scaled"] =
        [
            "--set", "peers.addressing=services,peers.persistence.enabled=true,peers.autoscaling.enabled=true,redis.builtIn.passwordSecret=pw",
            "--set-json", "networkPolicy.metricsNamespaces=[]",
        ],
    };

    public static TheoryData<string> Names { get; } = [.. Switches.Keys];

    public static IEnumerable<string> WithSidecars => Switches.Keys.Where(name => !name.StartsWith("direct", StringComparison.Ordinal));

    public static string[] Arguments(string name) => [WithDapr, .. Switches[name]];

    public static Manifests Render(string name) => Helm.Render(Arguments(name));

    public static string FileOf(string size) => Path.Combine(Helm.Chart, $"values-{size}.yaml");
}
