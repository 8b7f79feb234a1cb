using System.ComponentModel.DataAnnotations;
using YamlDotNet.Core;

namespace P2PCloud.Chart.Tests;

public sealed class RenderingTests
{
    public static TheoryData<string> All => Sets.Names;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_document_parses_strictly_into_its_type(string set) => Assert.InRange(Sets.Render(set).Objects.Count, 20, 400);

    [Theory]
    [MemberData(nameof(All))]
    public void The_chart_has_no_lint(string set)
    {
        var lint = Helm.Run(["lint", "--strict", Helm.Chart, .. Sets.Arguments(set).Where(argument => argument != Sets.WithDapr)]);

        Assert.True(lint.ExitCode == 0, lint.Output);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { clusterip: None }")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: a, imagePullpolicy: Never }] } } }")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Configuration\nmetadata: { name: a }\nspec: { accessControl: { policies: [{ appID: a }] } }")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: { name: a }\nspec: { policies: {}, targets: { apps: {} } }")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: a, name: b }")]
    public void A_field_that_a_type_does_not_have_is_noticed(string document) => Assert.ThrowsAny<YamlException>(() => Manifests.Parse(document));

    [Theory]
    [InlineData("defaultAction: deny", "defaultAction: denied", "DefaultAction")]
    [InlineData("action: allow", "action: alow", "Action")]
    [InlineData("action: allow", "", "Action")]
    [InlineData("httpVerb: [POST]", "httpVerb: [POTS]", "HttpVerb")]
    [InlineData("name: /boot/register,", "", "Name")]
    [InlineData("appId: demo", "appId: ''\n      # demo", "AppId")]
    [InlineData("      namespace: \"p2p\"", "", "Namespace")]
    [InlineData("      trustDomain: \"public\"", "", "TrustDomain")]
    [InlineData("protocol: grpc", "protocol: otlp", "Protocol")]
    [InlineData("policy: constant", "policy: linear", "Policy")]
    [InlineData("type: prometheus", "type: prometeus", "Type")]
    [InlineData("- type: prometheus\n      metricType", "- metricType", "Type")]
    [InlineData("metricType: AverageValue", "metricType: Average", "MetricType")]
    public void A_field_of_Daprs_or_KEDAs_kinds_that_is_missing_or_wrong_is_noticed(string right, string wrong, string field)
    {
        var rendered = Helm.Template(Sets.Arguments("KEDA with the chart's Prometheus")).Output;
        Assert.Contains(right, rendered, StringComparison.Ordinal);

        var fault = Assert.Throws<ValidationException>(() => Manifests.Parse(rendered.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains($".{field}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_more_peers_only_the_number_differs()
    {
        var five = Helm.Template("--set", "peers.replicas=5").Output.Split('\n');
        var fifty = Helm.Template("--set", "peers.replicas=50").Output.Split('\n');

        var differences = five.Zip(fifty).Where(pair => pair.First != pair.Second);

        Assert.Equal(five.Length, fifty.Length);
        Assert.Equal([("  replicas: 5", "  replicas: 50")], differences);
    }

    [Fact]
    public void Two_releases_share_no_name()
    {
        var first = Helm.Render(Sets.WithDapr);
        var second = Manifests.Parse(Helm.Run(["template", "other", Helm.Chart, "--namespace", "p2p", Sets.WithDapr]).Output);

        Assert.Empty(first.Names.Intersect(second.Names));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_two_objects_of_a_release_have_one_name(string set)
    {
        var names = Sets.Render(set).Names.ToList();

        Assert.Equal(names.Distinct(), names);
    }
}
