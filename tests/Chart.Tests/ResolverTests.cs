using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

/// <summary>The sidecars' name-resolution template, evaluated with an engine of Go templates.</summary>
public sealed class ResolverTests
{
    [Theory]
    [InlineData("demo-p2pcloud-peer-0", "demo-p2pcloud-peer-0.demo-p2pcloud-peer.p2p.svc.cluster.local:50002")]
    [InlineData("demo-p2pcloud-peer-10", "demo-p2pcloud-peer-10.demo-p2pcloud-peer.p2p.svc.cluster.local:50002")]
    [InlineData("demo-p2pcloud-supernode-2", "demo-p2pcloud-supernode-2.demo-p2pcloud-supernode.p2p.svc.cluster.local:50002")]
    [InlineData("demo-p2pcloud-directory", "demo-p2pcloud-directory-dapr.p2p.svc.cluster.local:50002")]
    [InlineData("demo-p2pcloud-bootstrap", "demo-p2pcloud-bootstrap-dapr.p2p.svc.cluster.local:50002")]
    [InlineData("other-p2pcloud-peer-0", "other-p2pcloud-peer-0-dapr.p2p.svc.cluster.local:50002")]
    [InlineData("a", "a-dapr.p2p.svc.cluster.local:50002")]
    public void An_app_id_has_the_address_of_its_pod_or_of_its_Service(string id, string address)
    {
        var template = Sets.Render("defaults").Get<DaprConfiguration>("demo-p2pcloud-peer").Spec.NameResolution!.Configuration!["template"];

        Assert.Equal(address, Evaluate(template, id));
    }

    [Fact]
    public void Another_domain_of_the_cluster_is_in_the_address()
    {
        var all = Helm.Render("--set", "clusterDomain=music.example", "--set", "fullnameOverride=p2p");
        var template = all.Get<DaprConfiguration>("p2p-gateway").Spec.NameResolution!.Configuration!["template"];

        Assert.Equal("p2p-peer-3.p2p-peer.p2p.svc.music.example:50002", Evaluate(template, "p2p-peer-3"));
    }

    private static string Evaluate(string template, string id)
    {
        var chart = Path.Combine(Repository.Root, "tests", "Chart.Tests", "resolver");
        var run = Helm.Run(["template", chart, "--set-literal", $"template={template}", "--set", $"ids[0]={id}"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output.Split('\n').Single(line => line.StartsWith($"{id}: ", StringComparison.Ordinal))[(id.Length + 2)..];
    }
}
