using k8s.Models;

namespace P2PCloud.Chart.Tests;

public sealed class NameTests
{
    [Theory]
    [InlineData(33, true)]
    [InlineData(34, false)]
    public void A_release_whose_names_would_be_too_long_is_refused(int length, bool accepted)
    {
        var release = new string('a', length);

        var run = Helm.Run(["template", release, Helm.Chart]);

        Assert.Equal(accepted, run.ExitCode == 0);
        if (!accepted)
        {
            Assert.Contains($"The name '{release}-p2pcloud' is too long", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1st")]
    [InlineData("my.music")]
    public void A_release_whose_name_cannot_be_in_an_app_id_is_refused(string release) =>
        Assert.Contains("use lower-case letters, digits and hyphens", Helm.Run(["template", release, Helm.Chart]).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("p2pcloud", "p2pcloud-gateway")]
    [InlineData("my-p2pcloud-2", "my-p2pcloud-2-gateway")]
    [InlineData("music", "music-p2pcloud-gateway")]
    public void Names_begin_with_the_releases(string release, string gateway)
    {
        var all = Manifests.Parse(Helm.Run(["template", release, Helm.Chart]).Output);

        Assert.Equal(gateway, all.Get<V1Deployment>(gateway).Metadata.Name);
    }

    /// <summary>What Kubernetes does not let change after an object was made: an upgrade that changes it fails.</summary>
    [Theory]
    [InlineData("defaults")]
    [InlineData("persistence")]
    public void Immutable_fields_do_not_change_with_the_version_of_the_chart(string set)
    {
        var other = Directory.CreateTempSubdirectory("p2pcloud-chart-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(Helm.Chart, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(other, Path.GetRelativePath(Helm.Chart, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllText(target, File.ReadAllText(file));
            }

            var description = File.ReadAllText(Path.Combine(other, "Chart.yaml"));
            File.WriteAllText(Path.Combine(other, "Chart.yaml"), System.Text.RegularExpressions.Regex.Replace(description, "(ersion): 0.1.0", "$1: 9.9.9"));
            var upgraded = Manifests.Parse(Helm.Run(["template", "demo", other, "--namespace", "p2p", .. Sets.Arguments(set)]).Output);

            Assert.Contains("p2pcloud-9.9.9", upgraded.Workloads.First().Metadata.Labels.Values);
            Assert.Equal(Immutable(Sets.Render(set)), Immutable(upgraded));
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    /// <summary>The same for values that people change: only turning persistence on or off, or its size, concerns them.</summary>
    [Theory]
    [InlineData("full")]
    [InlineData("direct")]
    [InlineData("autoscaling")]
    [InlineData("Redis with a password")]
    [InlineData("placed")]
    public void Immutable_fields_do_not_change_with_other_values(string set)
    {
        string[] same = ["--set", "peers.persistence.enabled=false,supernodes.persistence.enabled=false,redis.builtIn.size=1Gi"];

        Assert.Equal(
            Immutable(Helm.Render([Sets.WithDapr, .. same])),
            Immutable(Helm.Render([.. Sets.Arguments(set), .. same])));
    }

    private static IEnumerable<string> Immutable(Manifests all) =>
    [
        .. all.All<V1Deployment>().Select(it => $"{it.Metadata.Name}: {Text(it.Spec.Selector)}"),
        .. all.All<V1StatefulSet>().Select(it =>
            $"{it.Metadata.Name}: {Text(it.Spec.Selector)} {it.Spec.ServiceName} {it.Spec.PodManagementPolicy} {Text(it.Spec.VolumeClaimTemplates)}"),
        .. all.All<V1StatefulSet>().Select(it => $"{it.Spec.ServiceName}: {all.Get<V1Service>(it.Spec.ServiceName).Spec.ClusterIP}"),
    ];

    private static string Text<T>(T? value) => value is null ? "" : k8s.KubernetesJson.Serialize(value);
}
