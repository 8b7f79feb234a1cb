using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>What happens to a release in the hands of people: upgrades, scaling, restarts.</summary>
public sealed class OperationTests
{
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
        using var cluster = new StandInCluster(Live("peer", 8), Live("supernode", 3), Live("redis", 1, "1Gi"));
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
    [InlineData("redis.builtIn.size=1024Mi", null)]
    [InlineData("redis.builtIn.size=16Gi", "StatefulSet demo-p2pcloud-redis has volumes of 1024 MiB (ReadWriteOnce, default storage class), and redis.builtIn asks for volumes of 16384 MiB")]
    [InlineData("redis.builtIn.storageClass=fast", "redis.builtIn asks for volumes of 1024 MiB (ReadWriteOnce, storage class fast)")]
    [InlineData("peers.persistence.enabled=true", "StatefulSet demo-p2pcloud-peer has no volumes, and peers.persistence asks for volumes of 1024 MiB")]
    [InlineData("supernodes.persistence.enabled=true", "StatefulSet demo-p2pcloud-supernode has no volumes")]
    public void Volumes_that_Kubernetes_would_not_let_change_are_refused_with_what_to_do(string setting, string? line)
    {
        using var cluster = new StandInCluster(Live("peer", 8), Live("supernode", 3), Live("redis", 1, "1Gi"));
        var run = cluster.Template("--set", setting);

        Assert.Equal(line is null, run.ExitCode == 0);
        if (line is not null)
        {
            Assert.Contains(line, run.Error, StringComparison.Ordinal);
            Assert.Contains("or uninstall the release and install it again", run.Error, StringComparison.Ordinal);
        }
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

    private static int Replicas(Manifests all, string component) =>
        all.All<V1Deployment>().Where(it => it.Metadata.Name == $"demo-p2pcloud-{component}").Select(it => it.Spec.Replicas!.Value)
            .Concat(all.All<V1StatefulSet>().Where(it => it.Metadata.Name == $"demo-p2pcloud-{component}").Select(it => it.Spec.Replicas!.Value))
            .DefaultIfEmpty(1).Single();

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
