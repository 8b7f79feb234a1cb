using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace P2PCloud.Chart.Tests;

public sealed partial class SizeTests
{
    private const decimal Giga = 1_000_000_000;
    private const decimal Gibi = 1024m * 1024 * 1024;

    [Theory]
    [InlineData("tiny", 2)]
    [InlineData("small", 16)]
    public void All_pods_with_their_sidecars_and_helm_test_keep_to_the_memory_of_the_size(string set, int gigabytes) =>
        Assert.InRange(Sum(set, MemoryLimit, "dapr.io/sidecar-memory-limit") / Giga, 0.1m, gigabytes);

    [Fact]
    public void The_full_cloud_has_1024_nodes_of_the_ring()
    {
        var peers = Sets.Render("full").All<V1StatefulSet>().Single(it => it.Metadata.Name.EndsWith("-peer", StringComparison.Ordinal));
        var virtualNodes = peers.Spec.Template.Spec.Containers[0].Env.Single(it => it.Name == "Overlays__VirtualNodes").Value;

        Assert.Equal(1024, peers.Spec.Replicas * int.Parse(virtualNodes, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_tiny_cloud_has_a_Jaeger() => Assert.Contains(Sets.Render("tiny").Workloads, workload => workload.Component == "jaeger");

    [Theory]
    [InlineData("small")]
    [InlineData("full")]
    public void A_size_says_what_it_requests_and_what_it_may_take(string set)
    {
        var said = Needs().Match(File.ReadAllText(Sets.FileOf(set)));
        decimal Said(string group) => decimal.Parse(said.Groups[group].Value, CultureInfo.InvariantCulture);

        Near(Said("cpu"), Sum(set, resources => resources.Requests["cpu"].ToDecimal(), "dapr.io/sidecar-cpu-request"));
        Near(Said("requested"), Sum(set, resources => resources.Requests["memory"].ToDecimal(), "dapr.io/sidecar-memory-request") / Gibi);
        Near(Said("limit"), Sum(set, MemoryLimit, "dapr.io/sidecar-memory-limit") / Gibi);
    }

    [GeneratedRegex(@"request about (?<cpu>[0-9.]+) CPUs and (?<requested>[0-9.]+) GiB, and may take (?<limit>[0-9.]+) GiB")]
    private static partial Regex Needs();

    private static void Near(decimal said, decimal real) => Assert.InRange(said, real * 0.9m, real * 1.1m);

    private static decimal MemoryLimit(V1ResourceRequirements resources) => resources.Limits["memory"].ToDecimal();

    /// <summary>Of all pods at once, those of Jobs too. Init containers run one after another, before the others.</summary>
    private static decimal Sum(string set, Func<V1ResourceRequirements, decimal> amount, string ofSidecar)
    {
        var all = Sets.Render(set);
        return all.All<V1Deployment>().Sum(it => it.Spec.Replicas!.Value * OfPod(it.Spec.Template))
            + all.All<V1StatefulSet>().Sum(it => it.Spec.Replicas!.Value * OfPod(it.Spec.Template))
            + all.All<V1Job>().Sum(it => (it.Spec.Parallelism ?? 1) * OfPod(it.Spec.Template));

        decimal OfPod(V1PodTemplateSpec template)
        {
            var sidecar = template.Metadata.Annotations?.GetOrNull(ofSidecar);
            var first = (template.Spec.InitContainers ?? []).Select(it => amount(it.Resources)).Append(0).Max();
            return Math.Max(first, template.Spec.Containers.Sum(it => amount(it.Resources))) + (sidecar is null ? 0 : new ResourceQuantity(sidecar).ToDecimal());
        }
    }
}
