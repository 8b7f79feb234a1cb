using System.Text.Json;
using System.Text.Json.Serialization;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Chord;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Contracts;

/// <summary>Source-generated JSON of every message and REST body: camelCase, enums as strings.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Ack))]
[JsonSerializable(typeof(AttachReply))]
[JsonSerializable(typeof(AttachRequest))]
[JsonSerializable(typeof(ByeRequest))]
[JsonSerializable(typeof(ChildReply))]
[JsonSerializable(typeof(ChildSearchReply))]
[JsonSerializable(typeof(ChildSearchRequest))]
[JsonSerializable(typeof(ChordLeaveRequest))]
[JsonSerializable(typeof(ConnectReply))]
[JsonSerializable(typeof(ConnectRequest))]
[JsonSerializable(typeof(DetachRequest))]
[JsonSerializable(typeof(FetchReply))]
[JsonSerializable(typeof(FetchRequest))]
[JsonSerializable(typeof(FloodReport))]
[JsonSerializable(typeof(HandOverReply))]
[JsonSerializable(typeof(HandOverRequest))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(KeepAliveRequest))]
[JsonSerializable(typeof(LeaderByeRequest))]
[JsonSerializable(typeof(LeaderConnectReply))]
[JsonSerializable(typeof(LeaderConnectRequest))]
[JsonSerializable(typeof(LeaderHitRequest))]
[JsonSerializable(typeof(LeaderPingRequest))]
[JsonSerializable(typeof(LeaderPongReply))]
[JsonSerializable(typeof(LeaderQueryRequest))]
[JsonSerializable(typeof(LeaveRequest))]
[JsonSerializable(typeof(ListReply))]
[JsonSerializable(typeof(ListRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LogoutRequest))]
[JsonSerializable(typeof(LookupAnswerRequest))]
[JsonSerializable(typeof(LookupReply))]
[JsonSerializable(typeof(LookupRequest))]
[JsonSerializable(typeof(MembersReply))]
[JsonSerializable(typeof(MembersRequest))]
[JsonSerializable(typeof(NextHopReply))]
[JsonSerializable(typeof(NextHopRequest))]
[JsonSerializable(typeof(NotifyRequest))]
[JsonSerializable(typeof(PingRequest))]
[JsonSerializable(typeof(PongReply))]
[JsonSerializable(typeof(PostingsReply))]
[JsonSerializable(typeof(ProbeRequest))]
[JsonSerializable(typeof(QueryHitRequest))]
[JsonSerializable(typeof(QueryRequest))]
[JsonSerializable(typeof(RegisterReply))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(RenewReply))]
[JsonSerializable(typeof(RenewRequest))]
[JsonSerializable(typeof(ReplicateRequest))]
[JsonSerializable(typeof(ReportRequest))]
[JsonSerializable(typeof(SampleReply))]
[JsonSerializable(typeof(SampleRequest))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(SourcesRequest))]
[JsonSerializable(typeof(StateReply))]
[JsonSerializable(typeof(StateRequest))]
[JsonSerializable(typeof(StoreReply))]
[JsonSerializable(typeof(StoreRequest))]
[JsonSerializable(typeof(UnshareRequest))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(LookupResult))]
[JsonSerializable(typeof(FilePage))]
[JsonSerializable(typeof(ProvidersResult))]
[JsonSerializable(typeof(Topology))]
[JsonSerializable(typeof(PeerState))]
[JsonSerializable(typeof(LeaderState))]
[JsonSerializable(typeof(SharedFile))]
[JsonSerializable(typeof(Posting))]
public sealed partial class ContractsJsonContext : JsonSerializerContext;
