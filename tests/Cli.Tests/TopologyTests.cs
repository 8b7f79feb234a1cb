using System.Text.Json;

namespace P2PCloud.Cli.Tests;

public sealed class TopologyTests
{
    [Fact]
    public async Task Topology_prints_peers_ring_in_id_order_leaders_and_who_did_not_answer()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, Samples.Topology());

        var outcome = await CommandLine.RunAsync(gateway, "topology");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(
            [
                "# peer\tready\tfiles\tleader\tgnutella links\tendpoint",
                "peer-0\tyes\t7\tsupernode-0\tpeer-1\thttp://127.0.0.1:5000",
                "peer-1\tno: chord is joining\t0\t-\t-\t-",
                "# ring id\tnode\tjoined\tpredecessor\tsuccessors\tfingers\tkeys\treplicas",
                "10\tpeer-1#0\tno\t-\t-\t-\t0\t0",
                "f0\tpeer-0#0\tyes\tpeer-1#0\tpeer-1#0\tpeer-1#0\t3\t2",
                "# group leader\tready\tfiles\tlinks\tchildren\tendpoint",
                "supernode-0\tyes\t7\t-\tpeer-0\thttp://127.0.0.1:5001",
                "# no answer from peer-9",
            ],
            outcome.Lines);
    }

    [Fact]
    public async Task Topology_json_prints_the_document_of_the_gateway()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, Samples.Topology());

        var outcome = await CommandLine.RunAsync(gateway, "topology", "--output", "json");

        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal(2, document.RootElement.GetProperty("peers").GetArrayLength());
    }
}
