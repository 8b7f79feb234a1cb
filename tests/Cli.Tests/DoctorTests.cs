using System.Text.Json;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Of_a_sound_cloud_every_finding_is_ok()
    {
        await using var gateway = await DoctorCloud.SoundAsync();

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.All(outcome.Lines, line => Assert.StartsWith("ok\t", line, StringComparison.Ordinal));
        Assert.Contains("ok\tthe Chord ring has all 2 virtual nodes", outcome.Lines);
        Assert.Contains("ok\tnapster answers", outcome.Lines);
    }

    [Fact]
    public async Task Without_a_gateway_it_says_how_to_get_one()
    {
        var outcome = await CommandLine.RunAsync("doctor", "--gateway", "http://127.0.0.1:1");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith("wrong\tthe gateway does not answer", outcome.Lines[0], StringComparison.Ordinal);
        Assert.Contains("kubectl port-forward", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_to_a_gateway_is_in_the_namespace_that_was_given()
    {
        using var folder = new TemporaryFolder();

        var outcome = await CommandLine.RunAsync(
            "doctor", "--gateway", "http://127.0.0.1:1", "--namespace", "p2p", "--kubectl", FakeKubectl.WithObjects(folder));

        Assert.Contains("kubectl port-forward --namespace p2p service/p2pcloud-gateway 8080:80", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_that_have_not_joined_or_do_not_answer_are_named()
    {
        await using var gateway = await DoctorCloud.StartAsync(Samples.Topology());

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Contains("wrong\t1 of 2 peers are not ready: peer-1: chord is joining", outcome.Lines);
        Assert.Contains("wrong\tno answer from peer-9", outcome.Lines);
    }

    [Fact]
    public async Task Nodes_that_refuse_quorums_are_named()
    {
        var topology = DoctorCloud.OfTwo("peer-1#0", "peer-0#0");
        PeerState[] peers = [topology.Peers[0], topology.Peers[1] with { VirtualNodes = [topology.Peers[1].VirtualNodes[0] with { RefusesQuorum = true }] }];
        await using var gateway = await DoctorCloud.StartAsync(topology with { Peers = peers });

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Contains("wrong\tpeer-1#0 may be cut off from most of the ring and refuse keys by quorum", outcome.Lines);
    }

    [Fact]
    public async Task Two_rings_are_noticed()
    {
        await using var gateway = await DoctorCloud.StartAsync(DoctorCloud.OfTwo("peer-0#0", "peer-1#0"));

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Contains("wrong\t1 of 2 virtual nodes are not on the ring of the others", outcome.Lines);
    }

    [Fact]
    public async Task A_technique_that_does_not_answer_is_named_with_what_it_needs()
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        gateway.OnLookup = http => http.Request.Query["technique"] == "napster"
            ? FakeGateway.Problem(503, "The directory does not answer.")(http)
            : Samples.Answer(_ => [])(http);

        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        var wrong = Assert.Single(document.RootElement.EnumerateArray(), finding => !finding.GetProperty("ok").GetBoolean());
        Assert.Contains("The directory does not answer.", wrong.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains("Redis", wrong.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }
}
