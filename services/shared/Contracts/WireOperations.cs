using System.Collections.Frozen;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Chord;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Contracts;

/// <summary>Every request between nodes, and its route. The one list of who can say what.</summary>
public static class WireOperations
{
    /// <summary>Answered by the bootstrap service.</summary>
    public static IReadOnlyList<WireOperation> Boot { get; } =
    [
        WireOperation.Of<RegisterRequest, RegisterReply>("/boot/register"),
        WireOperation.Of<RenewRequest, RenewReply>("/boot/renew"),
        WireOperation.Of<SampleRequest, SampleReply>("/boot/sample"),
        WireOperation.Of<LeaveRequest, Ack>("/boot/leave"),
        WireOperation.Of<ReportRequest, Ack>("/boot/report"),
        WireOperation.Of<MembersRequest, MembersReply>("/boot/members"),
    ];

    /// <summary>Answered by every peer, to others that keep samples of the peers without BOOT.</summary>
    public static IReadOnlyList<WireOperation> PeerSampling { get; } =
    [
        WireOperation.Of<ShuffleRequest, ShuffleReply>("/boot/shuffle"),
    ];

    /// <summary>Answered by the directory service.</summary>
    public static IReadOnlyList<WireOperation> Napster { get; } =
    [
        WireOperation.Of<LoginRequest, SessionReply>("/napster/login"),
        WireOperation.Of<ShareRequest, SessionReply>("/napster/share"),
        WireOperation.Of<UnshareRequest, SessionReply>("/napster/unshare"),
        WireOperation.Of<KeepAliveRequest, SessionReply>("/napster/keep-alive"),
        WireOperation.Of<LogoutRequest, Ack>("/napster/logout"),
        WireOperation.Of<SearchRequest, PostingsReply>("/napster/search"),
        WireOperation.Of<SourcesRequest, PostingsReply>("/napster/sources"),
        WireOperation.Of<ListRequest, ListReply>("/napster/list"),
    ];

    /// <summary>Answered by a peer's Gnutella servent.</summary>
    public static IReadOnlyList<WireOperation> Gnutella { get; } =
    [
        WireOperation.Of<QueryRequest, FloodReport>("/gnutella/query"),
        WireOperation.Of<QueryHitRequest, Ack>("/gnutella/query-hit"),
        WireOperation.Of<ConnectRequest, ConnectReply>("/gnutella/connect"),
        WireOperation.Of<PingRequest, PongReply>("/gnutella/ping"),
        WireOperation.Of<ByeRequest, Ack>("/gnutella/bye"),
        WireOperation.Of<RouteTableReset, RouteTableReply>("/gnutella/route-table-reset"),
        WireOperation.Of<RouteTablePatch, RouteTableReply>("/gnutella/route-table-patch"),
        WireOperation.Of<WalkRequest, WalkReply>("/gnutella/walk"),
        WireOperation.Of<WalkCheckRequest, WalkCheckReply>("/gnutella/walk-check"),
    ];

    /// <summary>Answered by a KaZaA group leader.</summary>
    public static IReadOnlyList<WireOperation> Kazaa { get; } =
    [
        WireOperation.Of<LeaderProbeRequest, LeaderProbeReply>("/kazaa/probe"),
        WireOperation.Of<StandRequest, StandReply>("/kazaa/stand"),
        WireOperation.Of<AttachRequest, AttachReply>("/kazaa/attach"),
        WireOperation.Of<UploadRequest, ChildReply>("/kazaa/upload"),
        WireOperation.Of<RemoveRequest, ChildReply>("/kazaa/remove"),
        WireOperation.Of<HeartbeatRequest, ChildReply>("/kazaa/heartbeat"),
        WireOperation.Of<DetachRequest, Ack>("/kazaa/detach"),
        WireOperation.Of<ChildSearchRequest, ChildSearchReply>("/kazaa/search"),
        WireOperation.Of<LeaderQueryRequest, FloodReport>("/kazaa/leader-query"),
        WireOperation.Of<LeaderHitRequest, Ack>("/kazaa/leader-hit"),
        WireOperation.Of<LeaderConnectRequest, LeaderConnectReply>("/kazaa/leader-connect"),
        WireOperation.Of<LeaderPingRequest, LeaderPongReply>("/kazaa/leader-ping"),
        WireOperation.Of<LeaderByeRequest, Ack>("/kazaa/leader-bye"),
    ];

    /// <summary>Answered by a Chord virtual node.</summary>
    public static IReadOnlyList<WireOperation> Chord { get; } =
    [
        WireOperation.Of<LookupRequest, LookupReply>("/chord/lookup"),
        WireOperation.Of<LookupAnswerRequest, Ack>("/chord/lookup-answer"),
        WireOperation.Of<NextHopRequest, NextHopReply>("/chord/next-hop"),
        WireOperation.Of<FetchRequest, FetchReply>("/chord/fetch"),
        WireOperation.Of<StateRequest, StateReply>("/chord/state"),
        WireOperation.Of<NotifyRequest, NotifyReply>("/chord/notify"),
        WireOperation.Of<NewPredecessorRequest, Ack>("/chord/new-predecessor"),
        WireOperation.Of<StoreRequest, StoreReply>("/chord/store"),
        WireOperation.Of<ReplicateRequest, Ack>("/chord/replicate"),
        WireOperation.Of<HandOverRequest, HandOverReply>("/chord/hand-over"),
        WireOperation.Of<ChordLeaveRequest, Ack>("/chord/leave"),
        WireOperation.Of<KeyReadRequest, KeyReply>("/chord/key-read"),
        WireOperation.Of<KeyWriteRequest, KeyReply>("/chord/key-write"),
        WireOperation.Of<KeyCopyRequest, KeyCopyReply>("/chord/key-copy"),
        WireOperation.Of<KeyPullRequest, KeyPullReply>("/chord/key-pull"),
        WireOperation.Of<KeySyncRequest, KeySyncReply>("/chord/key-sync"),
        WireOperation.Of<EventsRequest, Ack>("/chord/events"),
        WireOperation.Of<TableRequest, TableReply>("/chord/table"),
    ];

    /// <summary>All of them, by request type.</summary>
    public static FrozenDictionary<Type, WireOperation> ByRequest { get; } =
        ((WireOperation[])[.. Boot, .. PeerSampling, .. Napster, .. Gnutella, .. Kazaa, .. Chord]).ToFrozenDictionary(operation => operation.Request.Type);
}

/// <summary>Names outside the body of a message.</summary>
public static class WireHeaders
{
    /// <summary>Header: name of the sending node (<see cref="NodeRef.Name"/>).</summary>
    public const string Sender = "p2p-sender";

    /// <summary>Header: base address of the sending node in direct invocation.</summary>
    public const string SenderEndpoint = "p2p-sender-endpoint";

    /// <summary>Header: when the message was sent, in microseconds since the Unix epoch by the sender's clock.</summary>
    public const string SentAt = "p2p-sent-at";

    /// <summary>Header of a refusal: the peer that refuses is leaving the cloud. Another one may know better.</summary>
    public const string Leaving = "p2p-leaving";

    /// <summary>Query parameter: number of the virtual node addressed, absent for other nodes.</summary>
    public const string VirtualNode = "vnode";
}
