namespace P2PCloud.Contracts.Boot;

/// <summary>
/// Registers a node in an overlay under a lease, or replaces its earlier entry. A node registers first with
/// <paramref name="Joined"/> false, to be told contacts or to be made the creator, and again with true when it is in the overlay.
/// </summary>
/// <param name="Overlay">One of <see cref="OverlayNames"/>.</param>
/// <param name="Node">The node and its direct endpoint.</param>
/// <param name="Incarnation">Grows with each start of the process; an older incarnation cannot replace or renew a newer one.</param>
/// <param name="Joined">True when the node is a member and may be given to others as a contact.</param>
/// <param name="Contacts">How many contacts are wanted, 0 to 100.</param>
public sealed record RegisterRequest(string Overlay, NodeRef Node, long Incarnation, bool Joined, int Contacts = 8) : IRequest<RegisterReply>;

/// <summary>The lease, and who to join through.</summary>
/// <param name="LeaseId">Names the lease in <see cref="RenewRequest"/> and <see cref="LeaveRequest"/>; null when refused as an older incarnation.</param>
/// <param name="LeaseMs">Milliseconds from now until the entry ends, by the server's clock.</param>
/// <param name="Creator">True for exactly one node of an overlay without members: it creates the overlay.</param>
/// <param name="Contacts">A uniform sample of the joined members, without the caller.</param>
public sealed record RegisterReply(string? LeaseId, int LeaseMs, bool Creator, IReadOnlyList<NodeRef> Contacts) : IMessage;

/// <summary>Extends a lease by its full length.</summary>
/// <param name="LeaseId">From the registration.</param>
/// <param name="Joined">
/// True when the node is a member. If its entry says that it waits, a registration from before its joining has come after the lease had
/// ended: the lease is gone then.
/// </param>
public sealed record RenewRequest(string LeaseId, bool Joined = false) : IRequest<RenewReply>;

/// <summary>Whether the lease was still alive.</summary>
/// <param name="Gone">The lease had ended, or is not a member's: register again.</param>
/// <param name="LeaseMs">Milliseconds until it ends now.</param>
public sealed record RenewReply(bool Gone, int LeaseMs) : IMessage;

/// <summary>Asks for live, joined members of an overlay, uniformly and without replacement.</summary>
/// <param name="Overlay">One of <see cref="OverlayNames"/>.</param>
/// <param name="Count">How many, 1 to 1,000.</param>
/// <param name="Exclude">Names (<see cref="NodeRef.Name"/>) that must not be returned, the caller's own among them.</param>
/// <param name="Missing">
/// Names of nodes that the caller has lost from sight, 0 to 1,000: it is told which of them are live members. Null for none.
/// </param>
public sealed record SampleRequest(string Overlay, int Count, IReadOnlyList<string> Exclude, IReadOnlyList<string>? Missing = null)
    : IRequest<SampleReply>;

/// <summary>min(count, live) members.</summary>
/// <param name="Nodes">The sample.</param>
/// <param name="Live">Those of <see cref="SampleRequest.Missing"/> that are live, joined members; null when none were asked for.</param>
public sealed record SampleReply(IReadOnlyList<NodeRef> Nodes, IReadOnlyList<string>? Live = null) : IMessage;

/// <summary>Ends a lease at once.</summary>
public sealed record LeaveRequest(string LeaseId) : IRequest<Ack>;

/// <summary>A hint that a member was not reachable. It never removes an entry by itself.</summary>
public sealed record ReportRequest(string Overlay, string Name) : IRequest<Ack>;

/// <summary>Lists all live members of an overlay, joined or not, sorted by name.</summary>
public sealed record MembersRequest(string Overlay) : IRequest<MembersReply>;

/// <summary>All live members.</summary>
public sealed record MembersReply(IReadOnlyList<Member> Members) : IMessage;

/// <summary>One live entry.</summary>
public sealed record Member(NodeRef Node, bool Joined);
