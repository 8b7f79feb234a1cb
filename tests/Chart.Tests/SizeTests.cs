using k8s.Models;

namespace P2PCloud.Chart.Tests;

public sealed class SizeTests
{
    private const decimal Giga = 1_000_000_000;

    [Theory]
    [InlineData("tiny", 2)]
    [InlineData("small", 16)]
    public void All_pods_with_their_sidecars_and_helm_test_keep_to_the_memory_of_the_size(string set, int gigabytes) =>
        Assert.InRange(Limits(Sets.Render(set)) / Giga, 0.1m, gigabytes);

    [Fact]
    public void The_full_cloud_has_1024_nodes_of_the_ring()
    {
        var peers = Sets.Render("full").All<V1StatefulSet>().Single(it => it.Metadata.Name.EndsWith("-peer", StringComparison.Ordinal));
        var virtualNodes = peers.Spec.Template.Spec.Containers[0].Env.Single(it => it.Name == "Overlays__VirtualNodes").Value;

        Assert.Equal(1024, peers.Spec.Replicas * int.Parse(virtualNodes, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_tiny_cloud_has_a_Jaeger() => Assert.Contains(Sets.Render("tiny").Workloads, workload => workload.Component == "jaeger");

    private static decimal Limits(Manifests all) =>
        all.All<V1Deployment>().Sum(it => it.Spec.Replicas!.Value * Limit(it.Spec.Template))
        + all.All<V1StatefulSet>().Sum(it => it.Spec.Replicas!.Value * Limit(it.Spec.Template))
        + all.All<V1Job>().Sum(it => (it.Spec.Parallelism ?? 1) * Limit(it.Spec.Template));

    /// <summary>The most that a pod may take at one time: init containers run one after another, before the others.</summary>
    private static decimal Limit(V1PodTemplateSpec template)
    {
        var sidecar = template.Metadata.Annotations?.GetOrNull("dapr.io/sidecar-memory-limit");
        var first = (template.Spec.InitContainers ?? []).Select(Limit).Append(0).Max();
        return Math.Max(first, template.Spec.Containers.Sum(Limit)) + (sidecar is null ? 0 : new ResourceQuantity(sidecar).ToDecimal());
    }

    private static decimal Limit(V1Container container) => container.Resources.Limits["memory"].ToDecimal();
}
