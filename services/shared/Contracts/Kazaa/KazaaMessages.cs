namespace P2PCloud.Contracts.Kazaa;

/// <summary>An ordinary peer asks a group leader to become its child.</summary>
/// <param name="Child">App-id of the peer.</param>
/// <param name="Epoch">Grows with each attachment of this peer; the leader with the newest epoch is its only leader.</param>
public sealed record AttachRequest(string Child, long Epoch) : IRequest<AttachReply>;

/// <summary>Whether the child was taken, and other leaders to try or to remember (at most 200).</summary>
public sealed record AttachReply(bool Accepted, int LeaseMs, IReadOnlyList<NodeRef> Leaders) : IMessage;

/// <summary>Uploads metadata of shared files, a batch at a time.</summary>
public sealed record UploadRequest(string Child, long Epoch, IReadOnlyList<SharedFile> Files) : IRequest<ChildReply>;

/// <summary>Takes files out of the leader's index, by content id, under all their names.</summary>
public sealed record RemoveRequest(string Child, long Epoch, IReadOnlyList<string> ContentIds) : IRequest<ChildReply>;

/// <summary>Keeps the attachment alive and refreshes the child's list of leaders.</summary>
public sealed record HeartbeatRequest(string Child, long Epoch) : IRequest<ChildReply>;

/// <summary>Whether the leader still has this child; if not, it attaches again.</summary>
public sealed record ChildReply(bool Attached, IReadOnlyList<NodeRef> Leaders) : IMessage;

/// <summary>Ends the attachment: the child's files leave the index.</summary>
public sealed record DetachRequest(string Child, long Epoch) : IRequest<Ack>;

/// <summary>A child's search, answered by its leader after the other leaders have been asked.</summary>
public sealed record ChildSearchRequest(string LookupId, string Query, int Limit) : IRequest<ChildSearchReply>;

/// <summary>What the leaders found.</summary>
/// <param name="Postings">Matches in the children of all leaders reached.</param>
/// <param name="Messages">Protocol messages between leaders.</param>
/// <param name="Hops">Hops between leaders, a tree.</param>
public sealed record ChildSearchReply(IReadOnlyList<Posting> Postings, int Messages, IReadOnlyList<Hop> Hops) : IMessage;

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

/// <summary>Keeps a link between leaders alive.</summary>
public sealed record LeaderPingRequest : IRequest<LeaderPongReply>;

/// <summary>False when the answering leader has no link with the sender: the sender links again.</summary>
public sealed record LeaderPongReply(bool Linked) : IMessage;

/// <summary>A leader that stops ends its links.</summary>
public sealed record LeaderByeRequest : IRequest<Ack>;
