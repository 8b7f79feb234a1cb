namespace P2PCloud.Contracts.Napster;

/// <summary>Opens a peer's session. An earlier session of the same peer, and all it shared, ends.</summary>
/// <param name="Peer">App-id of the peer.</param>
/// <param name="Incarnation">Grows with each login; a late message of an older session is refused.</param>
public sealed record LoginRequest(string Peer, long Incarnation) : IRequest<SessionReply>;

/// <summary>The state of a session.</summary>
/// <param name="Gone">The session is unknown or its lease has ended: log in and share again.</param>
/// <param name="LeaseMs">Milliseconds until the session ends unless it is renewed.</param>
public sealed record SessionReply(bool Gone, int LeaseMs) : IMessage;

/// <summary>Adds files to the index, a batch at a time (types 100 and 870 of the original).</summary>
public sealed record ShareRequest(string Peer, long Incarnation, IReadOnlyList<SharedFile> Files) : IRequest<SessionReply>;

/// <summary>Takes files out of the index (type 102), by content id, under all their names.</summary>
public sealed record UnshareRequest(string Peer, long Incarnation, IReadOnlyList<string> ContentIds) : IRequest<SessionReply>;

/// <summary>Keeps a session alive.</summary>
public sealed record KeepAliveRequest(string Peer, long Incarnation) : IRequest<SessionReply>;

/// <summary>Ends a session: everything the peer shared leaves the index atomically.</summary>
public sealed record LogoutRequest(string Peer, long Incarnation) : IRequest<Ack>;

/// <summary>Searches the index: all words of the query must occur in a name (types 200 to 202).</summary>
/// <param name="LookupId">Names the lookup in spans.</param>
/// <param name="Query">At most 256 characters.</param>
/// <param name="Limit">At most 100 postings are returned (the original's cap).</param>
public sealed record SearchRequest(string LookupId, string Query, int Limit) : IRequest<PostingsReply>;

/// <summary>Asks who else shares the same content (types 215 to 217).</summary>
public sealed record SourcesRequest(string ContentId) : IRequest<PostingsReply>;

/// <summary>Postings of live sessions.</summary>
public sealed record PostingsReply(IReadOnlyList<Posting> Postings) : IMessage;

/// <summary>Lists shared content ordered by content id.</summary>
/// <param name="Limit">1 to 1,000.</param>
/// <param name="After">Return what is greater than this content id; null from the start.</param>
public sealed record ListRequest(int Limit, string? After) : IRequest<ListReply>;

/// <summary>A page of the list; <paramref name="Next"/> is the value for <see cref="ListRequest.After"/>, null at the end.</summary>
public sealed record ListReply(IReadOnlyList<Posting> Postings, string? Next) : IMessage;
