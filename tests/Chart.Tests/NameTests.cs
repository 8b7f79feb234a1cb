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

    /// <summary>What an upgrade of a release that somebody has cannot change, or would make anew under another name.</summary>
    [Theory]
    [InlineData("defaults")]
    [InlineData("persistence")]
    public void Names_and_immutable_fields_are_those_that_releases_have(string set)
    {
        var all = Sets.Render(set);

        Golden.Check($"upgrade-{set}.txt", [.. Upgrades.Immutable(all), .. Upgrades.Names(all)]);
    }

    [Fact]
    public void Immutable_fields_do_not_name_the_version_of_the_chart() =>
        Assert.DoesNotContain(Upgrades.Immutable(Sets.Render("persistence")), line => line.Contains("0.1.0", StringComparison.Ordinal));

    /// <summary>With values that people change: only turning persistence on or off, or its size, concerns them.</summary>
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
            Upgrades.Immutable(Helm.Render([Sets.WithDapr, .. same])),
            Upgrades.Immutable(Helm.Render([.. Sets.Arguments(set), .. same])));
    }
}
