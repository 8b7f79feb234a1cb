namespace P2PCloud.Contracts.Gnutella;

/// <summary>
/// A flooded query (payload 0x80). It has no field that names its origin. Acknowledged when the branch below has been.
/// </summary>
/// <param name="Guid">The same in every copy and in every hit.</param>
/// <param name="Ttl">Steps still allowed when this message was sent; TTL + Hops is constant on every path.</param>
/// <param name="Hops">Steps made before this message was sent.</param>
/// <param name="Query">At most 256 characters.</param>
/// <param name="Limit">How many hits a node may answer with.</param>
public sealed record QueryRequest(DescriptorId Guid, int Ttl, int Hops, string Query, int Limit) : IRequest<FloodReport>;

/// <summary>A hit (payload 0x81) on its way back along the path of the query with the same GUID.</summary>
public sealed record QueryHitRequest(DescriptorId Guid, int Ttl, int Hops, IReadOnlyList<Posting> Hits) : IRequest<Ack>;

/// <summary>Asks for a link (the handshake). The link is with the sender.</summary>
/// <param name="Node">The caller, so that the link works both ways.</param>
/// <param name="Degree">Links the caller has now. A node without any is accepted above the maximum.</param>
public sealed record ConnectRequest(NodeRef Node, int Degree) : IRequest<ConnectReply>;

/// <summary>Whether the link exists now, and neighbours to try else (X-Try of Gnutella 0.6).</summary>
public sealed record ConnectReply(bool Accepted, IReadOnlyList<NodeRef> Try) : IMessage;

/// <summary>Keeps a link alive and checks that both ends know it (payload 0x00, TTL 1).</summary>
public sealed record PingRequest : IRequest<PongReply>;

/// <summary>Answer to a ping (payload 0x01).</summary>
/// <param name="Linked">False when the answering node has no link with the sender: the sender drops its end.</param>
/// <param name="FilesShared">Number of files shared.</param>
/// <param name="BytesShared">Their sizes in bytes.</param>
public sealed record PongReply(bool Linked, int FilesShared, long BytesShared) : IMessage;

/// <summary>Ends the link with the sender (payload 0x02 of Gnutella 0.6).</summary>
public sealed record ByeRequest : IRequest<Ack>;
