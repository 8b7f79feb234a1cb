using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Tests;

public sealed class DoctorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_sound_cloud_every_finding_is_ok()
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));

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
    public async Task Peers_that_have_not_joined_or_do_not_answer_are_named()
    {
        await using var gateway = await CloudAsync(Samples.Topology());

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Contains("wrong\t1 of 2 peers are not ready: peer-1: chord is joining", outcome.Lines);
        Assert.Contains("wrong\tno answer from peer-9", outcome.Lines);
    }

    [Fact]
    public async Task Two_rings_are_noticed()
    {
        await using var gateway = await CloudAsync(Sound("peer-0#0", "peer-1#0"));

        var outcome = await CommandLine.RunAsync(gateway, "doctor");

        Assert.Contains("wrong\t1 of 2 virtual nodes are not on the ring of the others", outcome.Lines);
    }

    [Fact]
    public async Task A_technique_that_does_not_answer_is_named_with_what_it_needs()
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));
        gateway.OnLookup = http => http.Request.Query["technique"] == "napster"
            ? FakeGateway.Problem(503, "The directory does not answer.")(http)
            : Samples.Answer(_ => [])(http);

        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        var wrong = Assert.Single(document.RootElement.EnumerateArray(), finding => !finding.GetProperty("ok").GetBoolean());
        Assert.Contains("The directory does not answer.", wrong.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains("Redis", wrong.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "[]", "[]", "p-0: no sidecar was injected")]
    [InlineData("true", """[{"name":"daprd"}]""", """[{"name":"daprd","ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]""", "p-0: its sidecar is not healthy (CrashLoopBackOff)")]
    [InlineData("true", """[{"name":"daprd"}]""", """[{"name":"daprd","ready":true},{"name":"peer","ready":false}]""", "p-0: peer is not ready")]
    [InlineData("false", "[]", """[{"name":"redis","ready":true}]""", null)]
    [InlineData("true", """[{"name":"daprd"}]""", """[{"name":"daprd","ready":true},{"name":"peer","ready":true}]""", null)]
    public async Task Pods_without_a_healthy_sidecar_are_named(string enabled, string containers, string statuses, string? expected)
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));
        using var folder = new TemporaryFolder();
        var pod = $$$"""{"metadata":{"name":"p-0","annotations":{"dapr.io/enabled":"{{{enabled}}}"}},"spec":{"containers":{{{containers}}}},"status":{"phase":"Running","containerStatuses":{{{statuses}}}}}""";

        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--namespace", "p2p", "--kubectl", Kubectl(folder, $$"""{"items":[{{pod}}]}"""));

        Assert.Equal(expected is null ? ExitCodes.Ok : ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(expected is null ? "ok\t1 pods run, and all that ask for a sidecar have a healthy one" : $"wrong\t{expected}", outcome.Lines[0]);
    }

    [Fact]
    public async Task Without_kubectl_it_says_so()
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));

        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--namespace", "p2p", "--kubectl", "no-such-program");

        Assert.StartsWith("wrong\tkubectl: ", outcome.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[{"spans":[{},{},{}]}]}""", "ok\tJaeger has 3 spans of the lookup " + Samples.TraceId)]
    [InlineData("""{"data":[]}""", "wrong\tno span of the lookup " + Samples.TraceId + " has arrived in Jaeger within 40 s")]
    public async Task Whether_spans_arrive_is_looked_up_in_Jaeger(string answer, string expected)
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));
        await using var jaeger = await JaegerAsync(answer);

        var outcome = await CommandLine.RunAsync(
            ["doctor", "--jaeger", jaeger.Urls.Single(), "--gateway", gateway.Address], console => console with { Time = new HastyTime() });

        Assert.Contains(expected, outcome.Lines);
    }

    /// <summary>A collector that samples decides after 15 s, and services and batches add to that.</summary>
    [Fact]
    public async Task Spans_that_take_half_a_minute_are_waited_for()
    {
        await using var gateway = await CloudAsync(Sound("peer-1#0", "peer-0#0"));
        var time = new HastyTime();
        await using var jaeger = await JaegerAsync(() => time.Passed < TimeSpan.FromSeconds(30) ? """{"data":[]}""" : """{"data":[{"spans":[{}]}]}""");

        var outcome = await CommandLine.RunAsync(
            ["doctor", "--jaeger", jaeger.Urls.Single(), "--gateway", gateway.Address], console => console with { Time = time });

        Assert.Contains($"ok\tJaeger has 1 spans of the lookup {Samples.TraceId}", outcome.Lines);
    }

    [Fact]
    public async Task An_address_of_Jaeger_that_is_none_is_a_misuse()
    {
        var outcome = await CommandLine.RunAsync("doctor", "--jaeger", "jaeger");

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("http://localhost:16686", outcome.ErrorLines[0], StringComparison.Ordinal);
    }

    /// <summary>Two peers whose successors are the named nodes.</summary>
    private static Topology Sound(string first, string second)
    {
        PeerState Peer(string app, string id, string successor) => new(
            app, null, true, [], 0, [new VirtualNodeState($"{app}#0", id, true, null, [new RingNode(successor, "0")], [], 0, 0)], [], "supernode-0");
        return new Topology(
            [Peer("peer-0", "10", first), Peer("peer-1", "f0", second)], [new LeaderState("supernode-0", null, true, ["peer-0", "peer-1"], [], 0)], []);
    }

    private static async Task<FakeGateway> CloudAsync(Topology topology)
    {
        var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, topology);
        gateway.OnLookup = Samples.Answer(_ => []);
        return gateway;
    }

    private static string Kubectl(TemporaryFolder folder, string pods)
    {
        folder.Write("pods.json", pods);
        var script = folder.Write("kubectl", "#!/bin/sh\n[ \"$1 $2 $4\" = 'get pods p2p' ] && cat \"$(dirname \"$0\")/pods.json\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return script;
    }

    private static Task<WebApplication> JaegerAsync(string answer) => JaegerAsync(() => answer);

    private static async Task<WebApplication> JaegerAsync(Func<string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var jaeger = builder.Build();
        jaeger.MapGet("/api/traces/{id}", http => http.Response.WriteAsync(answer(), http.RequestAborted));
        await jaeger.StartAsync(Token);
        return jaeger;
    }
}
