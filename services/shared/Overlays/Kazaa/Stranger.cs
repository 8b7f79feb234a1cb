using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>The answers of a node that is no group leader.</summary>
internal static class Stranger
{
    /// <summary>Answers any request of KaZaA.</summary>
    public static IMessage Answer(NodeRef self, IMessage request) => request switch
    {
        LeaderProbeRequest => new LeaderProbeReply(LeaderStanding.None, new LeaderRow(self, 0, 0, 0, false), 0),
        StandRequest => new StandReply(false),
        AttachRequest => new AttachReply(false, 0, []),
        UploadRequest or RemoveRequest or HeartbeatRequest => new ChildReply(false, [], false),
        ChildSearchRequest => new ChildSearchReply([], 0, [], false),
        LeaderConnectRequest => new LeaderConnectReply(false, []),
        LeaderPingRequest => new LeaderPongReply(false, []),
        LeaderQueryRequest => FloodReport.Duplicate,
        DetachRequest or LeaderByeRequest or LeaderHitRequest => Ack.Instance,
        _ => throw new UnreachableException(),
    };
}
