using System.Globalization;

namespace P2PCloud.Chart.Tests;

/// <summary>What the kubelet and the sidecars ask pods for, against what the services answer.</summary>
public sealed class HealthTests
{
    private const string Live = "/healthz/live";
    private const string Ready = "/healthz/ready";

    private static readonly string[] AppHealth =
    [
        "dapr.io/app-health-check-path", "dapr.io/app-health-probe-interval", "dapr.io/app-health-probe-timeout", "dapr.io/app-health-threshold",
    ];

    public static TheoryData<string> All => Sets.Names;

    public static TheoryData<string> WithSidecars => [.. Sets.WithSidecars];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_container_that_stays_has_all_three_probes(string set) =>
        Assert.All(Sets.Render(set).Workloads.Where(workload => workload.Selector is not null).SelectMany(workload => workload.Template.Spec.Containers), container =>
            Assert.All([container.StartupProbe, container.LivenessProbe, container.ReadinessProbe], probe =>
                Assert.True(probe?.HttpGet is not null || probe?.TcpSocket is not null || probe?.Exec is not null, container.Name)));

    /// <summary>A service that waits for another one is alive and not ready: restarts would not help it.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_service_is_alive_by_itself_and_ready_with_what_it_needs(string set)
    {
        var services = Sets.Render(set).Workloads.Where(workload => Apps.Components.Contains(workload.Component)).ToList();

        Assert.Equal(Apps.Components.Order(), services.Select(workload => workload.Component).Order());
        Assert.All(services, workload =>
        {
            var container = Assert.Single(workload.Template.Spec.Containers);
            Assert.Equal((Live, Live, Ready), (container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
            Assert.All([container.StartupProbe, container.LivenessProbe, container.ReadinessProbe], probe => Assert.Equal("http", probe.HttpGet.Port.Value));
        });
    }

    [Fact]
    public void Every_service_answers_its_probes() =>
        Assert.All(Sets.Render("direct").Workloads.Where(workload => Apps.Components.Contains(workload.Component)), workload =>
            Assert.Subset(Apps.RoutesOf(workload).ToHashSet(), new HashSet<string> { Live, Ready }));

    /// <summary>A sidecar that finds its app dead passes nothing on any more: it asks what the kubelet asks, and never before the last answer is late.</summary>
    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void A_sidecar_asks_whether_its_app_is_alive_and_gives_it_time(string set)
    {
        var services = Sets.Render(set).Workloads.Where(workload => workload.HasSidecar).ToList();
        var asked = services.Where(workload => workload.Annotations.GetOrNull("dapr.io/enable-app-health-check") == "true").ToList();

        Assert.Superset(new HashSet<string> { "bootstrap", "directory", "peer", "supernode" }, asked.Select(workload => workload.Component).ToHashSet());
        Assert.All(asked, workload =>
        {
            Assert.Equal(Live, workload.Annotations["dapr.io/app-health-check-path"]);
            var interval = TimeSpan.FromSeconds(Number(workload, "dapr.io/app-health-probe-interval", 5));
            Assert.InRange(interval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            Assert.InRange(TimeSpan.FromMilliseconds(Number(workload, "dapr.io/app-health-probe-timeout", 500)), TimeSpan.FromMilliseconds(100), interval);
            Assert.InRange(Number(workload, "dapr.io/app-health-threshold", 3), 2, 20);
        });
        Assert.All(services.Except(asked), workload => Assert.Empty(workload.Annotations.Keys.Intersect(AppHealth)));
    }

    /// <summary>A number of an annotation, or Dapr's own default.</summary>
    private static int Number(Workload workload, string annotation, int otherwise) =>
        workload.Annotations.GetOrNull(annotation) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
