using System.Text;
using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>The tokens between services and sidecars. That an upgrade keeps them can be seen on a cluster only.</summary>
public sealed class TokenTests
{
    [Fact]
    public void On_a_cluster_each_token_is_made_with_40_characters()
    {
        var tokens = Helm.Render(Sets.WithDapr).All<V1Secret>().Select(secret => Encoding.UTF8.GetString(secret.Data["token"])).ToList();

        Assert.Equal(2, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^[A-Za-z0-9]{40}$", token));
    }

    [Fact]
    public void Without_a_cluster_no_token_is_made_up() => Assert.Empty(Helm.Render().All<V1Secret>());

    [Fact]
    public void A_given_token_or_Secret_is_used()
    {
        var all = Sets.Render("own tokens");
        var peer = all.Workloads.Single(workload => workload.Component == "peer");
        var secret = Assert.Single(all.All<V1Secret>());

        Assert.Equal("abc", Encoding.UTF8.GetString(secret.Data["token"]));
        Assert.Equal(("mine", secret.Metadata.Name), (peer.Annotations["dapr.io/api-token-secret"], peer.Annotations["dapr.io/app-token-secret"]));
        Assert.Equal(("mine", secret.Metadata.Name), (SecretOf(peer, "DAPR_API_TOKEN"), SecretOf(peer, "APP_API_TOKEN")));
    }

    [Fact]
    public void The_gateway_expects_no_token_of_its_clients()
    {
        var gateway = Sets.Render("defaults").Workloads.Single(workload => workload.Component == "gateway");

        Assert.DoesNotContain("APP_API_TOKEN", gateway.Environment.Keys);
        Assert.DoesNotContain("dapr.io/app-token-secret", gateway.Annotations.Keys);
    }

    private static string SecretOf(Workload workload, string variable) =>
        workload.Template.Spec.Containers[0].Env.Single(it => it.Name == variable).ValueFrom.SecretKeyRef.Name;
}
