namespace P2PCloud.Contracts.Kazaa;

/// <summary>Where the nodes of KaZaA are.</summary>
public static class KazaaNodes
{
    /// <summary>Virtual node of the group leader that an ordinary peer may become; those of Chord are 0 to 63.</summary>
    public const int LeaderVirtualNode = 64;

    /// <summary>The leader at an ordinary peer: another node than the peer's child, with a name of its own.</summary>
    public static NodeRef LeaderAt(NodeRef peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer with { VirtualNode = LeaderVirtualNode };
    }
}

/// <summary>A row of a refresh list: a leader, its workload, and how fresh that is.</summary>
/// <param name="Leader">The leader.</param>
/// <param name="Children">Children that it had.</param>
/// <param name="ChildrenMax">Children that it takes at most; 0 when it takes none.</param>
/// <param name="AgeMs">Milliseconds since the leader said so, when the row was sent. A duration, since clocks differ.</param>
/// <param name="Promoted">An ordinary peer that leads because leaders were missing.</param>
public sealed record LeaderRow(NodeRef Leader, int Children, int ChildrenMax, int AgeMs, bool Promoted);

/// <summary>Asks a group leader for its workload.</summary>
public sealed record LeaderProbeRequest : IRequest<LeaderProbeReply>;

/// <summary>A leader's workload.</summary>
/// <param name="State">Whether it leads.</param>
/// <param name="Self">Its own row.</param>
/// <param name="UptimeMs">Milliseconds since it began to lead; 0 when it does not.</param>
public sealed record LeaderProbeReply(LeaderStanding State, LeaderRow Self, long UptimeMs) : IMessage;

/// <summary>Whether a node is a group leader.</summary>
public enum LeaderStanding
{
    /// <summary>It does not lead.</summary>
    None,

    /// <summary>It is about to lead, and looks for a leader to link with.</summary>
    Joining,

    /// <summary>It leads.</summary>
    Leading,

    /// <summary>It leads no longer than its children need to attach elsewhere.</summary>
    Leaving,
}

/// <summary>An ordinary peer that found no leader with room asks the leader's part of the same peer to stand for election.</summary>
public sealed record StandRequest : IRequest<StandReply>;

/// <summary>Whether it leads, or is going to see whether it shall.</summary>
public sealed record StandReply(bool Standing) : IMessage;

/// <summary>An ordinary peer asks a group leader to become its child.</summary>
/// <param name="Child">App-id of the peer.</param>
/// <param name="Epoch">Grows with each attachment of this peer; the leader with the newest epoch is its only leader.</param>
public sealed record AttachRequest(string Child, long Epoch) : IRequest<AttachReply>;

/// <summary>Whether the child was taken, and the leader's refresh list: others to try or to remember (at most 200).</summary>
public sealed record AttachReply(bool Accepted, int LeaseMs, IReadOnlyList<LeaderRow> Leaders) : IMessage;

/// <summary>Uploads metadata of shared files, a batch at a time.</summary>
public sealed record UploadRequest(string Child, long Epoch, IReadOnlyList<SharedFile> Files) : IRequest<ChildReply>;

/// <summary>Takes files out of the leader's index, by content id, under all their names.</summary>
public sealed record RemoveRequest(string Child, long Epoch, IReadOnlyList<string> ContentIds) : IRequest<ChildReply>;

/// <summary>Keeps the attachment alive and refreshes the child's list of leaders.</summary>
public sealed record HeartbeatRequest(string Child, long Epoch) : IRequest<ChildReply>;

/// <summary>Whether the leader still has this child; if not, it attaches again.</summary>
/// <param name="Attached">True when the leader has the child's session.</param>
/// <param name="Leaders">Rows of the leader's refresh list.</param>
/// <param name="Redirect">The leader is going to leave: the child attaches to another, and detaches here afterwards.</param>
public sealed record ChildReply(bool Attached, IReadOnlyList<LeaderRow> Leaders, bool Redirect) : IMessage;

/// <summary>Ends the attachment: the child's files leave the index.</summary>
public sealed record DetachRequest(string Child, long Epoch) : IRequest<Ack>;

/// <summary>A child's search, answered by its leader after the other leaders have been asked.</summary>
public sealed record ChildSearchRequest(string LookupId, string Query, int Limit) : IRequest<ChildSearchReply>;

/// <summary>What the leaders found.</summary>
/// <param name="Postings">Matches in the children of all leaders reached.</param>
/// <param name="Messages">Protocol messages between leaders.</param>
/// <param name="Hops">Hops between leaders, a tree.</param>
/// <param name="Searched">False when the node is no leader (any more): the child attaches to another and searches again.</param>
public sealed record ChildSearchReply(IReadOnlyList<Posting> Postings, int Messages, IReadOnlyList<Hop> Hops, bool Searched) : IMessage;

/// <summary>A query flooded among group leaders. Acknowledged when the branch below has been.</summary>
public sealed record LeaderQueryRequest(DescriptorId Guid, int Ttl, int Hops, string Query, int Limit) : IRequest<FloodReport>;

/// <summary>A leader's answer on its way back along the path of the query.</summary>
public sealed record LeaderHitRequest(DescriptorId Guid, int Ttl, int Hops, IReadOnlyList<Posting> Hits) : IRequest<Ack>;

/// <summary>A leader asks another for a link.</summary>
/// <param name="Leader">The caller, so that the link works both ways.</param>
/// <param name="Degree">Links the caller has now. A leader without any is accepted above the maximum.</param>
public sealed record LeaderConnectRequest(NodeRef Leader, int Degree) : IRequest<LeaderConnectReply>;

/// <summary>Whether the link exists now, and further leaders known here.</summary>
public sealed record LeaderConnectReply(bool Accepted, IReadOnlyList<NodeRef> Leaders) : IMessage;

/// <summary>Keeps a link between leaders alive, and carries rows of the sender's refresh list, its own row first.</summary>
public sealed record LeaderPingRequest(IReadOnlyList<LeaderRow> Leaders) : IRequest<LeaderPongReply>;

/// <summary>Answers a ping.</summary>
/// <param name="Linked">False when the answering leader has no link with the sender: the sender links again.</param>
/// <param name="Leaders">Rows of the refresh list here, the own row first.</param>
public sealed record LeaderPongReply(bool Linked, IReadOnlyList<LeaderRow> Leaders) : IMessage;

/// <summary>A leader that stops ends its links.</summary>
public sealed record LeaderByeRequest : IRequest<Ack>;
