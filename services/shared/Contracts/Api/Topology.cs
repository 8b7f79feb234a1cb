namespace P2PCloud.Contracts.Api;

/// <summary>The cloud as its members see it now.</summary>
/// <param name="Peers">Ordered by number.</param>
/// <param name="Leaders">Group leaders, ordered by number.</param>
/// <param name="Unreachable">Registered members that did not answer.</param>
public sealed record Topology(IReadOnlyList<PeerState> Peers, IReadOnlyList<LeaderState> Leaders, IReadOnlyList<string> Unreachable);

/// <summary>One peer.</summary>
/// <param name="Peer">App-id.</param>
/// <param name="Endpoint">Base address in direct invocation.</param>
/// <param name="Ready">Every overlay joined and every shared file published.</param>
/// <param name="Pending">What is not ready yet, in words.</param>
/// <param name="Files">Number of shared files.</param>
/// <param name="VirtualNodes">Its Chord nodes.</param>
/// <param name="GnutellaLinks">App-ids of its Gnutella neighbours.</param>
/// <param name="Leader">App-id of its group leader.</param>
public sealed record PeerState(
    string Peer,
    string? Endpoint,
    bool Ready,
    IReadOnlyList<string> Pending,
    int Files,
    IReadOnlyList<VirtualNodeState> VirtualNodes,
    IReadOnlyList<string> GnutellaLinks,
    string? Leader);

/// <summary>One Chord node. Ids are zero-padded hexadecimal of the ring's width.</summary>
/// <param name="Name"><c>peer-3#1</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Joined">Member of the ring.</param>
/// <param name="Predecessor">Null while unknown.</param>
/// <param name="Successors">Nearest first.</param>
/// <param name="Fingers">Distinct fingers, farthest last.</param>
/// <param name="Keys">Keys owned.</param>
/// <param name="Replicas">Keys held for other owners.</param>
/// <param name="RefusesQuorum">It may be cut off from most of the ring: operations on keys by quorum are refused until it knows.</param>
public sealed record VirtualNodeState(
    string Name,
    string Id,
    bool Joined,
    RingNode? Predecessor,
    IReadOnlyList<RingNode> Successors,
    IReadOnlyList<RingNode> Fingers,
    int Keys,
    int Replicas,
    bool RefusesQuorum = false);

/// <summary>A node on the ring.</summary>
public sealed record RingNode(string Name, string Id);

/// <summary>A group leader.</summary>
/// <param name="Leader">App-id.</param>
/// <param name="Endpoint">Base address in direct invocation.</param>
/// <param name="Ready">Linked with the other leaders known to BOOT.</param>
/// <param name="Children">App-ids of its children.</param>
/// <param name="Links">App-ids of the leaders it is linked with.</param>
/// <param name="Files">Postings in its index.</param>
public sealed record LeaderState(
    string Leader, string? Endpoint, bool Ready, IReadOnlyList<string> Children, IReadOnlyList<string> Links, int Files);
