namespace P2PCloud.Contracts.Chord;

/// <summary>A member or candidate of the ring: its id, which is always H(app # virtual node), and where it is.</summary>
public sealed record ChordContact(NodeId Id, NodeRef Node)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Node.Name}:{Id}";
}

/// <summary>A recursive lookup on its way to the owner of a key. The owner answers the origin directly.</summary>
/// <param name="LookupId">Names the lookup at its origin and in spans.</param>
/// <param name="Key">The key whose owner is wanted.</param>
/// <param name="Origin">Who gets the <see cref="LookupAnswerRequest"/>.</param>
/// <param name="Fetch">True when the owner's postings for the key are wanted too.</param>
/// <param name="Path">Hops made so far, failed ones included.</param>
/// <param name="Aim">What the sender takes the receiver for.</param>
/// <param name="Try">How often the origin has sent it; a node handles each try once for each aim.</param>
public sealed record LookupRequest(string LookupId, NodeId Key, ChordContact Origin, bool Fetch, IReadOnlyList<Hop> Path, LookupAim Aim, int Try)
    : IRequest<LookupReply>;

/// <summary>What the sender of a lookup takes its receiver for.</summary>
public enum LookupAim
{
    /// <summary>A node between the sender and the key.</summary>
    Forward,

    /// <summary>The owner: no node is known between the key's predecessor and the receiver.</summary>
    Owner,

    /// <summary>The owner, as a cache, a list or a table remembers it: the receiver knows better, and may not answer on the sender's word.</summary>
    Guess,
}

/// <summary>Whether the node took the lookup over; one that is not a member yet does not.</summary>
public sealed record LookupReply(bool Accepted) : IMessage;

/// <summary>The owner's answer to the origin of a recursive lookup.</summary>
public sealed record LookupAnswerRequest(string LookupId, ChordContact Owner, NodeId OwnerPredecessor, IReadOnlyList<Posting> Postings, IReadOnlyList<Hop> Path)
    : IRequest<Ack>;

/// <summary>One step of an iterative lookup: who is next?</summary>
/// <param name="LookupId">Names the lookup in spans; empty for a node's own maintenance.</param>
/// <param name="Key">The key whose owner is wanted.</param>
/// <param name="HopIndex">Distance of this hop from the first one.</param>
public sealed record NextHopRequest(string LookupId, NodeId Key, int HopIndex) : IRequest<NextHopReply>;

/// <summary>The next nodes to ask.</summary>
/// <param name="Candidates">Best first; empty when the node is not a member.</param>
public sealed record NextHopReply(IReadOnlyList<NextHop> Candidates) : IMessage;

/// <summary>A node to ask next, and what it is taken for.</summary>
public sealed record NextHop(ChordContact Contact, LookupAim Aim);

/// <summary>Asks an owner for its postings under a key.</summary>
/// <param name="LookupId">Names the lookup in spans; empty for a node's own maintenance.</param>
/// <param name="Key">The key.</param>
/// <param name="HopIndex">Distance of this hop from the first one.</param>
/// <param name="Aim">What the sender takes the receiver for.</param>
public sealed record FetchRequest(string LookupId, NodeId Key, int HopIndex, LookupAim Aim = LookupAim.Owner) : IRequest<FetchReply>;

/// <summary>The postings, or word that the key is not owned here.</summary>
/// <param name="Owned">The key is in (predecessor, self] of the answering node.</param>
/// <param name="Predecessor">When owned, the start of the owned interval; else a node that is nearer to the key, if one is known.</param>
/// <param name="Postings">Live postings under the key.</param>
public sealed record FetchReply(bool Owned, ChordContact? Predecessor, IReadOnlyList<Posting> Postings) : IMessage;

/// <summary>Reads a node's neighbours, for join and stabilize.</summary>
public sealed record StateRequest : IRequest<StateReply>;

/// <summary>A node's neighbours.</summary>
/// <param name="Status">Member; not a member (yet, or any more); busy: ask again soon.</param>
/// <param name="Self">The answering node.</param>
/// <param name="Predecessor">Null while unknown.</param>
/// <param name="Successors">The successor list, nearest first.</param>
public sealed record StateReply(MemberStatus Status, ChordContact Self, ChordContact? Predecessor, IReadOnlyList<ChordContact> Successors) : IMessage;

/// <summary>Whether a node answers about its state (Zave 2017: not between its own query and the answer).</summary>
public enum MemberStatus
{
    /// <summary>Not in the ring.</summary>
    NotMember,

    /// <summary>In the ring.</summary>
    Member,

    /// <summary>Between a query and its answer: ask again.</summary>
    Busy,
}

/// <summary>The candidate believes to be the receiver's predecessor.</summary>
public sealed record NotifyRequest(ChordContact Candidate) : IRequest<NotifyReply>;

/// <summary>Who is the receiver's predecessor now: the candidate, or one that is nearer.</summary>
public sealed record NotifyReply(ChordContact? Predecessor) : IMessage;

/// <summary>
/// The receiver was the sender's predecessor until a nearer node came (ToN 2003, section V-A: the simulated nodes tell the old
/// predecessor). A hint: the receiver asks that node before it adopts it.
/// </summary>
public sealed record NewPredecessorRequest(ChordContact Predecessor) : IRequest<Ack>;

/// <summary>A posting stored under a key until its lease ends.</summary>
/// <param name="Key">The key of the keyword, or of the content id.</param>
/// <param name="Posting">The value.</param>
/// <param name="LeaseMs">Milliseconds left, counted from the receipt of the message.</param>
/// <param name="Version">Of the posting at its publisher; an older one never replaces a newer one.</param>
/// <param name="Removed">The publisher withdrew it: remembered until the lease ends, so that an old copy cannot bring it back.</param>
public sealed record StoredPosting(NodeId Key, Posting Posting, int LeaseMs, long Version, bool Removed = false);

/// <summary>Stores, refreshes or withdraws postings at the owner of their keys, which copies them to its replicas before it answers.</summary>
public sealed record StoreRequest(IReadOnlyList<StoredPosting> Items) : IRequest<StoreReply>;

/// <summary>Which keys were refused, because the node does not own them; and the interval it does own.</summary>
public sealed record StoreReply(IReadOnlyList<NodeId> NotOwned, NodeId? Predecessor) : IMessage;

/// <summary>Copies of postings, from the owner to a replica.</summary>
public sealed record ReplicateRequest(IReadOnlyList<StoredPosting> Items) : IRequest<Ack>;

/// <summary>A node asks its successor for the keys in (<paramref name="From"/>, <paramref name="To"/>], which are its own now.</summary>
/// <param name="From">Its predecessor, or the last id that it has been given.</param>
/// <param name="To">Itself.</param>
public sealed record HandOverRequest(NodeId From, NodeId To) : IRequest<HandOverReply>;

/// <summary>A batch of the keys handed over.</summary>
/// <param name="Status">Whether this is the batch, or somebody else has to be asked, or this node later.</param>
/// <param name="Items">Postings.</param>
/// <param name="Records">Keys with their values.</param>
/// <param name="Next">Everything up to this id is in this batch: From of the next call. Null at the end.</param>
/// <param name="Nearer">With <see cref="HandOverStatus.Elsewhere"/>: the node between the asker and this one, which owned the keys.</param>
/// <param name="Whole">This node has owned all of the range until now: a key that it does not hand over does not exist.</param>
public sealed record HandOverReply(
    HandOverStatus Status, IReadOnlyList<StoredPosting> Items, IReadOnlyList<KeyRecord> Records, NodeId? Next, ChordContact? Nearer, bool Whole)
    : IMessage;

/// <summary>How a node answers who wants its keys.</summary>
public enum HandOverStatus
{
    /// <summary>A batch.</summary>
    Given,

    /// <summary>Not now: ask again soon.</summary>
    Busy,

    /// <summary>Another node is nearer, and has them.</summary>
    Elsewhere,

    /// <summary>Not a member.</summary>
    NotMember,
}

/// <summary>A leaving node tells its neighbours, which pass it by from now on.</summary>
public sealed record ChordLeaveRequest(ChordContact Leaving) : IRequest<Ack>;

/// <summary>What happened to a member, for full routing.</summary>
/// <param name="Member">Who joined or is gone.</param>
/// <param name="Joined">False when it left or failed.</param>
public sealed record MembershipEvent(ChordContact Member, bool Joined);

/// <summary>Message M(l) of EDRA (Monnerat and Amorim, D1HT): events for the receiver, which passes them on with this time to live.</summary>
/// <param name="Ttl">l.</param>
/// <param name="Events">In the order in which the sender learnt of them.</param>
public sealed record EventsRequest(int Ttl, IReadOnlyList<MembershipEvent> Events) : IRequest<Ack>;

/// <summary>Asks for the table of members, by pages in the order of the ids, or only for its digest.</summary>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Digest">When equal to the receiver's, no page is wanted.</param>
public sealed record TableRequest(NodeId? After, NodeId? Digest) : IRequest<TableReply>;

/// <summary>A page of the table.</summary>
/// <param name="Digest">Exclusive or of the ids of the whole table, the sender's own included.</param>
/// <param name="Members">The page; empty when the digests are equal.</param>
/// <param name="Last">No page follows.</param>
public sealed record TableReply(NodeId Digest, IReadOnlyList<ChordContact> Members, bool Last) : IMessage
{
    /// <summary>The answer of a node that keeps no table.</summary>
    public static TableReply Empty { get; } = new(default, [], true);
}
