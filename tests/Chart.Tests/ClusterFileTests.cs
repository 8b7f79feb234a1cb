using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace P2PCloud.Chart.Tests;

/// <summary>The files of k8s/, which need no helm.</summary>
public sealed class ClusterFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "k8s");

    [Fact]
    public void The_namespace_enforces_Pod_Security_restricted()
    {
        var labels = Manifests.Parse(Read("namespace.yaml")).All<V1Namespace>().Single().Metadata.Labels;

        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
    }

    [Fact]
    public void The_load_test_passes_Pod_Security_restricted_and_has_its_script()
    {
        var pod = Manifests.Parse(Read("load-test/job.yaml")).All<V1Job>().Single().Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.True(File.Exists(Path.Combine(Folder, "load-test", Path.GetFileName(container.Args[1]))));
    }

    [Fact]
    public void Dapr_is_pinned_to_a_version_in_which_a_changed_Configuration_restarts_only_its_own_sidecars()
    {
        var line = Read("prerequisites.sh").Split('\n').Single(it => it.StartsWith("dapr_version=", StringComparison.Ordinal));

        Assert.True(Version.Parse(line["dapr_version=".Length..]) >= new Version(1, 18, 2));
    }

    [Theory]
    [InlineData("kind.yaml")]
    [InlineData("dapr-values.yaml")]
    [InlineData("load-test/kustomization.yaml")]
    public void Other_files_are_YAML(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(file)));

        Assert.IsType<YamlMappingNode>(Assert.Single(yaml.Documents).RootNode);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
