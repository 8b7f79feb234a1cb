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

    private static string ComponentOf(V1NetworkPolicy policy) => policy.Spec.PodSelector.MatchLabels["app.kubernetes.io/component"];

    private static IEnumerable<string> PortsOf(V1NetworkPolicy policy) => policy.Spec.Ingress.SelectMany(it => it.Ports).Select(it => it.Port.Value);
}
