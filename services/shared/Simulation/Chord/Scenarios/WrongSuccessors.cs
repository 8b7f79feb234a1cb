using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>Nodes that name other nodes than the right ones: half of them exist, half have an id that is not the hash of their name.</summary>
internal sealed class WrongSuccessors(SimulatedRing ring, NetworkFaults faults, IRandom random, Func<SimulatedPeer?> draw)
{
    /// <summary>One more node lies, until the end of the faults.</summary>
    public void Inject() => faults.Touch(
        "wrong successors", name => ring.Network.SetTampering(name, Tamper), name => ring.Network.SetTampering(name, null));

    private IMessage Tamper(IMessage reply) => reply switch
    {
        NextHopReply => new NextHopReply([.. Wrong().Select(contact => new NextHop(contact, LookupAim.Owner))]),
        StateReply state => state with { Predecessor = Wrong().FirstOrDefault(), Successors = Wrong() },
        NotifyReply => new NotifyReply(Wrong().FirstOrDefault()),
        _ => reply,
    };

    private List<ChordContact> Wrong() => draw()?.Engine.Snapshot().Self is not { } existing ? []
        : random.NextBelow(2) == 0 ? [existing]
        : [existing with { Id = new NodeId(random.NextBits()) }];
}
