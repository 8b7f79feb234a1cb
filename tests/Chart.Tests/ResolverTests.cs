using System.Text.RegularExpressions;
using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

/// <summary>The sidecars' name-resolution template, evaluated with an engine of Go templates: Helm's, which has more functions than Dapr's.</summary>
public sealed partial class ResolverTests
{
    /// <summary>Words and functions of Go's text/template.</summary>
    private static readonly string[] OfGo =
    [
        "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "true", "false",
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "call",
    ];

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

    [Theory]
    [InlineData("defaults")]
    [InlineData("everything else")]
    public void The_template_uses_only_what_Go_itself_has(string set) => Assert.All(Sets.Render(set).All<DaprConfiguration>(), it =>
        Assert.Empty(Words(it.Spec.NameResolution!.Configuration!["template"]).Except(OfGo)));

    [Theory]
    [InlineData("{{trunc 5 .ID}}", "trunc")]
    [InlineData("{{if hasPrefix \"if\" .ID}}a{{end}}", "hasPrefix")]
    [InlineData("{{.ID | upper}}", "upper")]
    public void A_function_of_Helm_is_noticed(string template, string function) => Assert.Equal([function], Words(template).Except(OfGo));

    /// <summary>Names in the actions of a template, without fields and variables.</summary>
    private static IEnumerable<string> Words(string template) =>
        Action().Matches(template).SelectMany(action => Word().Matches(Text().Replace(action.Value, ""))).Select(word => word.Value);

    private static string Evaluate(string template, string id)
    {
        var chart = Path.Combine(Repository.Root, "tests", "Chart.Tests", "resolver");
        var run = Helm.Run(["template", chart, "--set-literal", $"template={template}", "--set", $"ids[0]={id}"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output.Split('\n').Single(line => line.StartsWith($"{id}: ", StringComparison.Ordinal))[(id.Length + 2)..];
    }

    [GeneratedRegex(@"\{\{.*?\}\}")]
    private static partial Regex Action();

    [GeneratedRegex("\"([^\"\\\\]|\\\\.)*\"|`[^`]*`")]
    private static partial Regex Text();

    [GeneratedRegex(@"(?<![.$\w])[A-Za-z_]\w*")]
    private static partial Regex Word();
}
