using System.Globalization;
using k8s.Models;
using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

/// <summary>How long pods and their sidecars may take to start, to answer and to end.</summary>
public sealed class PodTimeTests
{
    private static readonly string[] Callees = ["bootstrap", "directory"];

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

    private static IEnumerable<Workload> Services(string set) => Sets.Render(set).Workloads.Where(it => it.HasSidecar);

    private static int PreStop(Workload workload) => (int)(workload.Template.Spec.Containers[0].Lifecycle?.PreStop.Sleep.Seconds ?? 0);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
