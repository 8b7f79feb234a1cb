using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Tests;

/// <summary>Clouds for the doctor to look at.</summary>
internal static class DoctorCloud
{
    public static Task<FakeGateway> SoundAsync() => StartAsync(OfTwo("peer-1#0", "peer-0#0"));

    public static async Task<FakeGateway> StartAsync(Topology topology)
    {
        var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, topology);
        gateway.OnLookup = Samples.Answer(_ => []);
        return gateway;
    }

    /// <summary>Two peers whose successors are the named nodes.</summary>
    public static Topology OfTwo(string first, string second)
    {
        PeerState Peer(string app, string id, string successor) => new(
            app, null, true, [], 0, [new VirtualNodeState($"{app}#0", id, true, null, [new RingNode(successor, "0")], [], 0, 0)], [], "supernode-0");
        return new Topology(
            [Peer("peer-0", "10", first), Peer("peer-1", "f0", second)], [new LeaderState("supernode-0", null, true, ["peer-0", "peer-1"], [], 0)], []);
    }
}
