using k8s.Models;

namespace P2PCloud.Chart.Tests;

public sealed class NetworkTests
{
    private const string AppPort = "8080";
    private const string SidecarPort = "50002";

    public static TheoryData<string> WithSidecars => [.. Sets.WithSidecars.Where(name => name != "bare")];

    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Only_sidecars_reach_the_services_and_clients_the_gateway(string set)
    {
        var open = Sets.Render(set).All<V1NetworkPolicy>().Where(it => PortsOf(it).Contains(AppPort)).Select(ComponentOf);

        Assert.Equal(["gateway"], open);
    }

    [Theory]
    [InlineData("defaults", SidecarPort)]
    [InlineData("direct", AppPort)]
    public void Callers_of_the_list_and_no_others_reach_a_callee(string set, string port)
    {
        var policies = Sets.Render(set).All<V1NetworkPolicy>().ToDictionary(ComponentOf);
        Assert.All(Calls.All.GroupBy(call => call.Callee), callee =>
        {
            var rule = policies[callee.Key].Spec.Ingress.Single(it => it.Ports.Any(one => one.Port.Value == port));
            Assert.Equal(
                callee.Select(call => call.Caller).Distinct().Order(),
                rule.FromProperty.Select(it => it.PodSelector.MatchLabels["app.kubernetes.io/component"]).Order());
            Assert.All(rule.FromProperty, it => Assert.Equal("demo", it.PodSelector.MatchLabels["app.kubernetes.io/instance"]));
        });
    }

    [Fact]
    public void Redis_is_for_bootstrap_and_directory()
    {
        var redis = Sets.Render("defaults").All<V1NetworkPolicy>().Single(it => ComponentOf(it) == "redis");

        Assert.Equal(
            ["bootstrap", "directory"],
            Assert.Single(redis.Spec.Ingress).FromProperty.Select(it => it.PodSelector.MatchLabels["app.kubernetes.io/component"]).Order());
    }

    /// <summary>People come through kubectl port-forward, which no policy concerns.</summary>
    [Theory]
    [InlineData("observability")]
    [InlineData("direct observability")]
    public void Telemetry_goes_from_services_to_the_collector_and_from_viewers_to_what_they_show(string set)
    {
        Assert.Equal(
            ["bootstrap 4317", "directory 4317", "gateway 4317", "peer 4317", "prometheus 8888", "prometheus 8889", "supernode 4317"], WaysTo(set, "collector"));
        Assert.Equal(["collector 4317", "grafana 16686"], WaysTo(set, "jaeger"));
        Assert.Equal(["grafana 9090"], WaysTo(set, "prometheus"));
        Assert.Empty(WaysTo(set, "grafana"));
    }

    [Fact]
    public void Without_a_collector_spans_go_from_services_to_Jaeger() => Assert.Equal(
        ["bootstrap 4317", "directory 4317", "gateway 4317", "grafana 16686", "peer 4317", "supernode 4317"], WaysTo("Jaeger alone", "jaeger"));

    [Fact]
    public void Of_other_namespaces_KEDAs_alone_asks_the_charts_Prometheus() =>
        Assert.Equal(["grafana 9090", "namespace keda 9090"], WaysTo("KEDA with the chart's Prometheus", "prometheus"));

    /// <summary>Who reaches which port of a component; every rule must name both.</summary>
    private static IEnumerable<string> WaysTo(string set, string component)
    {
        var policy = Sets.Render(set).All<V1NetworkPolicy>().Single(it => ComponentOf(it) == component);
        Assert.Equal(["Ingress"], policy.Spec.PolicyTypes);
        return (policy.Spec.Ingress ?? []).SelectMany(
            rule => rule.FromProperty.SelectMany(_ => rule.Ports, (peer, port) => $"{NameOf(peer)} {port.Port.Value}")).Order(StringComparer.Ordinal);
    }

    private static string NameOf(V1NetworkPolicyPeer peer)
    {
        if (peer.NamespaceSelector is { } other)
        {
            return $"namespace {Assert.Single(other.MatchLabels).Value}";
        }

        Assert.Equal("demo", peer.PodSelector.MatchLabels["app.kubernetes.io/instance"]);
        return peer.PodSelector.MatchLabels["app.kubernetes.io/component"];
    }

    private static string ComponentOf(V1NetworkPolicy policy) => policy.Spec.PodSelector.MatchLabels["app.kubernetes.io/component"];

    private static IEnumerable<string> PortsOf(V1NetworkPolicy policy) => (policy.Spec.Ingress ?? []).SelectMany(it => it.Ports).Select(it => it.Port.Value);
}
