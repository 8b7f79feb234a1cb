using System.Text.Json.Serialization;

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
/// <param name="Leaf">True when the caller is a leaf: only an ultrapeer accepts it (X-Ultrapeer of Gnutella 0.6).</param>
public sealed record ConnectRequest(
    NodeRef Node, int Degree, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Leaf = false)
    : IRequest<ConnectReply>;

/// <summary>Whether the link exists now, and neighbours to try else (X-Try of Gnutella 0.6).</summary>
public sealed record ConnectReply(bool Accepted, IReadOnlyList<NodeRef> Try) : IMessage;

/// <summary>Keeps a link alive and checks that both ends know it (payload 0x00, TTL 1).</summary>
public sealed record PingRequest : IRequest<PongReply>;

/// <summary>Answer to a ping (payload 0x01).</summary>
/// <param name="Linked">False when the answering node has no link with the sender: the sender drops its end.</param>
/// <param name="FilesShared">Number of files shared.</param>
/// <param name="BytesShared">Their sizes in bytes.</param>
/// <param name="Hosts">For a neighbour: other nodes that were alive lately, from the pong cache.</param>
public sealed record PongReply(
    bool Linked,
    int FilesShared,
    long BytesShared,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CachedHost>? Hosts = null) : IMessage;

/// <summary>A node as a pong cache knows it.</summary>
/// <param name="Node">That node.</param>
/// <param name="AgeMs">Milliseconds since it last gave a sign of life.</param>
public sealed record CachedHost(NodeRef Node, int AgeMs);

/// <summary>Ends the link with the sender (payload 0x02 of Gnutella 0.6).</summary>
public sealed record ByeRequest : IRequest<Ack>;

/// <summary>
/// A walker: the query goes to one neighbour (Lv et al., ICS 2002). No field names its origin. Answered as soon as it has arrived; the
/// origin learns of its way from <see cref="WalkCheckRequest"/>.
/// </summary>
/// <param name="Guid">The same for all walkers of a lookup, and in every check and hit.</param>
/// <param name="Walker">Which of them, from 0.</param>
/// <param name="Ttl">Steps still allowed when this message was sent; TTL + Hops is constant on the way of a walker.</param>
/// <param name="Hops">Steps made before this message was sent.</param>
/// <param name="Depth">Steps on the way back from the sender to the origin: that of the first walker that came to each node.</param>
/// <param name="Query">At most 256 characters.</param>
/// <param name="Limit">How many hits a node may answer with.</param>
/// <param name="Answers">Nodes that have sent a hit since the last check.</param>
/// <param name="Trail">Steps since the last check. It is measurement, not protocol, and the origin is never in it.</param>
public sealed record WalkRequest(
    DescriptorId Guid, int Walker, int Ttl, int Hops, int Depth, string Query, int Limit, int Answers, IReadOnlyList<WalkStep> Trail)
    : IRequest<WalkReply>;

/// <summary>Whether the walker was taken; if not, it goes to another neighbour.</summary>
public sealed record WalkReply(bool Taken) : IMessage;

/// <summary>A step of a walker.</summary>
/// <param name="To">Name of the node that it went to; empty for a leaf that had the query already, which costs a message and is no hop.</param>
/// <param name="ElapsedMs">One-way time in milliseconds by the clocks of the two nodes; else until the sender had an answer or gave up.</param>
/// <param name="Outcome">
/// Null when the node took the walker, else one of <see cref="HopOutcomes"/>: the walker stayed where it was. <c>ok</c> is a leaf that an
/// ultrapeer asked.
/// </param>
public sealed record WalkStep(
    string To, double ElapsedMs, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Outcome = null);

/// <summary>A walker asks its origin whether to go on. The question goes back as a hit does, node by node; so does the answer.</summary>
/// <param name="Guid">Of the walk.</param>
/// <param name="Walker">Which walker.</param>
/// <param name="Hops">Steps on the way back that were made before this message was sent.</param>
/// <param name="Ended">True when the walker ends here whatever the answer is.</param>
/// <param name="Answers">Nodes that have sent a hit since the last check: the origin waits for as many.</param>
/// <param name="Trail">Its steps since the last check, for the origin's count.</param>
public sealed record WalkCheckRequest(DescriptorId Guid, int Walker, int Hops, bool Ended, int Answers, IReadOnlyList<WalkStep> Trail)
    : IRequest<WalkCheckReply>;

/// <summary>Whether the walker shall go on.</summary>
public sealed record WalkCheckReply(bool Continue) : IMessage;
