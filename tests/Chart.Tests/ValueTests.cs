using k8s;
using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>What values do, and which cannot be.</summary>
public sealed class ValueTests
{
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

    [Theory]
    [InlineData("dapr.sidecar.memoryRequest=1Gi", "dapr.sidecar.memoryRequest (1Gi) is more than dapr.sidecar.memoryLimit (256Mi)")]
    [InlineData("redis.builtIn.maxMemoryMiB=193", "redis.builtIn.maxMemoryMiB (193) is more than three quarters of redis.builtIn.resources.limits.memory (256Mi)")]
    [InlineData("redis.builtIn.resources.limits.memory=0.2Gi", "more than three quarters of redis.builtIn.resources.limits.memory (0.2Gi)")]
    [InlineData("chord.replication=9", "chord.replication (9) is more than chord.successors (8)")]
    [InlineData("chord.base=3", "/chord/base")]
    [InlineData("redis.external.address=redis:6379", "redis.external.address is given while redis.builtIn.enabled is true")]
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
        var all = Helm.Render("--set", "image.pullPolicy=Always,image.pullSecrets[0]=pull,observability.enabled=true");
        var jaeger = all.Get<V1Deployment>("demo-p2pcloud-jaeger").Spec.Template.Spec;
        var redis = all.Get<V1StatefulSet>("demo-p2pcloud-redis").Spec.Template.Spec;

        Assert.Equal(("IfNotPresent", "pull"), (redis.Containers[0].ImagePullPolicy, Assert.Single(redis.ImagePullSecrets).Name));
        Assert.Equal(("IfNotPresent", "pull"), (jaeger.Containers[0].ImagePullPolicy, Assert.Single(jaeger.ImagePullSecrets).Name));
        Assert.All(all.Workloads.Where(it => it.HasSidecar), it => Assert.Equal("Always", it.Template.Spec.Containers[0].ImagePullPolicy));
    }

    [Theory]
    [InlineData("p2pcloud/peer", "p2pcloud/peer:1.2.3")]
    [InlineData("p2pcloud/peer:2.0", "p2pcloud/peer:2.0")]
    [InlineData("registry:5000/peer", "registry:5000/peer:1.2.3")]
    [InlineData("peer@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "peer@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_image_that_names_its_tag_or_digest_keeps_it(string image, string expected) => Assert.Equal(
        expected,
        Helm.Render("--set", $"peers.image={image},image.tag=1.2.3").Workloads.Single(it => it.Component == "peer").Template.Spec.Containers[0].Image);

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
}
