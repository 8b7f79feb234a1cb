namespace P2PCloud.Chart.Tests;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("peers.replica=3", "replica")]
    [InlineData("peer.replicas=3", "peer")]
    [InlineData("peers.replicas=257", "/peers/replicas")]
    [InlineData("peers.replicas=-1", "/peers/replicas")]
    [InlineData("peers.replicas=many", "/peers/replicas")]
    [InlineData("peers.maxReplicas=0", "/peers/maxReplicas")]
    [InlineData("peers.virtualNodes=65", "/peers/virtualNodes")]
    [InlineData("peers.addressing=dns", "/peers/addressing")]
    [InlineData("peers.leaveDeadlineSeconds=0", "/peers/leaveDeadlineSeconds")]
    [InlineData("peers.leaveDeadlineSeconds=121", "/peers/leaveDeadlineSeconds")]
    [InlineData("peers.image=Peer Image", "/peers/image")]
    [InlineData("peers.resources.limits.memory=lots", "/peers/resources/limits/memory")]
    [InlineData("peers.resources.limit.memory=1Gi", "limit")]
    [InlineData("peers.persistence.accessMode=ReadOnlyMany", "/peers/persistence/accessMode")]
    [InlineData("peers.persistence.size=big", "/peers/persistence/size")]
    [InlineData("peers.persistence.whenScaled=Keep", "/peers/persistence/whenScaled")]
    [InlineData("peers.autoscaling.targetCPU=101", "/peers/autoscaling/targetCPU")]
    [InlineData("peers.keda.prometheusAddress=prometheus", "/peers/keda/prometheusAddress")]
    [InlineData("peers.extraEnv[0].nam=a", "nam")]
    [InlineData("peers.podAnnotations.a=true", "/peers/podAnnotations/a")]
    [InlineData("supernodes.maxReplicas=65", "/supernodes/maxReplicas")]
    [InlineData("chord.bits=2", "/chord/bits")]
    [InlineData("chord.bits=129", "/chord/bits")]
    [InlineData("chord.base=1", "/chord/base")]
    [InlineData("chord.base=257", "/chord/base")]
    [InlineData("chord.routing=hops", "/chord/routing")]
    [InlineData("chord.successors=65", "/chord/successors")]
    [InlineData("chord.replication=17", "/chord/replication")]
    [InlineData("gnutella.ttl=16", "/gnutella/ttl")]
    [InlineData("gnutella.degree=0", "/gnutella/degree")]
    [InlineData("kazaa.childrenMax=0", "/kazaa/childrenMax")]
    [InlineData("kazaa.degree=1001", "/kazaa/degree")]
    [InlineData("kazaa.ttl=0", "/kazaa/ttl")]
    [InlineData("kazaa.mayLead=sometimes", "/kazaa/mayLead")]
    [InlineData("kazaa.minUptimeSeconds=-1", "/kazaa/minUptimeSeconds")]
    [InlineData("leaseSeconds=301", "/leaseSeconds")]
    [InlineData("files.maxUploadMiB=0", "/files/maxUploadMiB")]
    [InlineData("log.level=Loud", "/log/level")]
    [InlineData("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [InlineData("image.tag=a b", "/image/tag")]
    [InlineData("gateway.service.type=External", "/gateway/service/type")]
    [InlineData("gateway.service.port=65536", "/gateway/service/port")]
    [InlineData("gateway.ingress.host=", "/gateway/ingress/host")]
    [InlineData("gateway.httpRoute.enabled=true", "/gateway/httpRoute/parentRefs")]
    [InlineData("redis.external.address=redis", "/redis/external/address")]
    [InlineData("redis.external.database=16", "/redis/external/database")]
    [InlineData("redis.builtIn.maxMemoryMiB=1", "/redis/builtIn/maxMemoryMiB")]
    [InlineData("dapr.enabled=perhaps", "/dapr/enabled")]
    [InlineData("dapr.samplingRate=2", "/dapr/samplingRate")]
    [InlineData("dapr.logLevel=loud", "/dapr/logLevel")]
    [InlineData("dapr.sidecar.goMemLimit=64Mi", "/dapr/sidecar/goMemLimit")]
    [InlineData("dapr.resiliency.retries=2", "/dapr/resiliency/retries")]
    [InlineData("dapr.resiliency.nodeTimeout=soon", "/dapr/resiliency/nodeTimeout")]
    [InlineData("telemetry.endpoint=collector:4317", "/telemetry/endpoint")]
    [InlineData("jaeger.enabled=true", "jaeger")]
    [InlineData("peers.keda.namespace=KEDA", "/peers/keda/namespace")]
    [InlineData("observability.enabled=perhaps", "/observability/enabled")]
    [InlineData("observability.loki.enabled=true", "loki")]
    [InlineData("observability.collector.floodSamplingPercentage=101", "/observability/collector/floodSamplingPercentage")]
    [InlineData("observability.collector.image=", "/observability/collector/image")]
    [InlineData("observability.jaeger.maxTraces=0", "/observability/jaeger/maxTraces")]
    [InlineData("observability.prometheus.retention=long", "/observability/prometheus/retention")]
    [InlineData("observability.prometheus.size=big", "/observability/prometheus/size")]
    [InlineData("observability.grafana.resources.limits.memory=lots", "/observability/grafana/resources/limits/memory")]
    [InlineData("topologySpread.whenUnsatisfiable=Never", "/topologySpread/whenUnsatisfiable")]
    [InlineData("fullnameOverride=Music", "/fullnameOverride")]
    [InlineData("test.deadlineSeconds=1", "/test/deadlineSeconds")]
    public void A_wrong_value_is_refused_with_a_line_that_names_it(string setting, string named)
    {
        var numbers = setting.Contains('=', StringComparison.Ordinal) && !setting.StartsWith("dapr.samplingRate", StringComparison.Ordinal)
            && !setting.StartsWith("image.tag", StringComparison.Ordinal);
        var run = Helm.Template(numbers ? "--set" : "--set-string", setting);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(run.Error.Split('\n'), line => line.TrimStart().StartsWith("- at '", StringComparison.Ordinal) && line.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("peers.replicas=65", "peers.replicas (65) is more than peers.maxReplicas (64)")]
    [InlineData("supernodes.replicas=9", "supernodes.replicas (9) is more than supernodes.maxReplicas (8)")]
    [InlineData("peers.keda.enabled=true,peers.autoscaling.enabled=true", "exclude each other")]
    [InlineData("peers.autoscaling.enabled=true,peers.autoscaling.maxReplicas=65", "peers.autoscaling.maxReplicas (65)")]
    [InlineData("peers.keda.enabled=true,peers.keda.maxReplicas=65", "peers.keda.maxReplicas (65)")]
    [InlineData("gateway.autoscaling.enabled=true,gateway.autoscaling.minReplicas=9", "minReplicas (9)")]
    [InlineData("redis.builtIn.enabled=false", "redis.external.address is needed")]
    [InlineData("observability.enabled=true,observability.jaeger.enabled=false", "observability.collector needs observability.jaeger.enabled")]
    [InlineData("observability.enabled=true,observability.collector.enabled=false", "observability.prometheus needs observability.collector.enabled")]
    [InlineData("observability.enabled=true,observability.prometheus.enabled=false", "observability.grafana needs observability.prometheus.enabled")]
    [InlineData("observability.enabled=true,telemetry.endpoint=http://collector:4317", "exclude each other")]
    [InlineData("peers.keda.enabled=true", "peers.keda.prometheusAddress is needed")]
    public void Values_that_do_not_go_together_are_refused_with_a_clear_line(string settings, string line)
    {
        var run = Helm.Template("--set", settings);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(line, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("tiny")]
    [InlineData("small")]
    [InlineData("full")]
    public void The_sizes_keep_to_the_schema(string set) => Assert.Equal(0, Helm.Template(Sets.Arguments(set)).ExitCode);
}
