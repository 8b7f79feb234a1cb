using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>A group leader: a small central index for its children, and a node of the flood among leaders.</summary>
public sealed class KazaaLeader : Engine
{
    private readonly KazaaParameters _parameters;
    private readonly FileIndex _index;
    private readonly Neighbourhood _links;
    private readonly Flood _flood;
    private bool _left;

    /// <summary>A leader that has not started.</summary>
    public KazaaLeader(NodeRef self, IRandom random, BootParameters boot, KazaaParameters parameters)
        : base(self, random)
    {
        var port = new Port(this);
        _parameters = parameters;
        _index = new FileIndex(parameters.FilesPerChildMax);
        _links = new Neighbourhood(this, OverlayNames.KazaaLeaders, boot, parameters.Links with { Degree = parameters.Degree }, port);
        _flood = new Flood(this, port, parameters.Flood with { Ttl = parameters.Ttl });
    }

    /// <inheritdoc/>
    protected override void OnStart() => _links.Start();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        _index.Expire(Now);
        switch (request.Body)
        {
            case ChildSearchRequest search:
                Search(request, search);
                break;
            case LeaderQueryRequest query when !_left:
                _flood.OnQuery(request, new FloodQuery(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit));
                break;
            case LeaderHitRequest hit when !_left:
                _flood.OnHit(request, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits));
                break;
            default:
                Respond(request.RequestId, Answer(request.From, request.Body));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case LeaveCommand leave when _left:
                Complete(commandId, leave, Done.Yes);
                break;
            case LeaveCommand leave:
                _left = true;
                _index.Expire(DateTimeOffset.MaxValue);
                _links.Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case KazaaLeaderStatusCommand status:
                _index.Expire(Now);
                Complete(commandId, status, Status());
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A leader that has left has no children, so the index itself answers as a stranger.</summary>
    private IMessage Answer(NodeRef from, IMessage body)
    {
        switch (body)
        {
            case AttachRequest attach:
                return new AttachReply(Attach(attach), (int)_parameters.ChildLease.TotalMilliseconds, OtherLeaders());
            case UploadRequest upload:
                return new ChildReply(_index.Add(upload.Child, upload.Epoch, upload.Files, Now), []);
            case RemoveRequest remove:
                return new ChildReply(_index.Remove(remove.Child, remove.Epoch, remove.ContentIds, Now), []);
            case HeartbeatRequest beat:
                return new ChildReply(_index.Renew(beat.Child, beat.Epoch, Now, Now + _parameters.ChildLease), OtherLeaders());
            case DetachRequest detach:
                _index.Close(detach.Child, detach.Epoch);
                return Ack.Instance;
            case LeaderConnectRequest connect:
                var answer = connect.Leader == from ? _links.Accept(connect.Leader, connect.Degree) : new ConnectAnswer(false, []);
                return new LeaderConnectReply(answer.Accepted, answer.Try);
            case LeaderPingRequest:
                return new LeaderPongReply(_links.IsLinkedWith(from));
            case LeaderByeRequest:
                _links.Drop(from);
                return Ack.Instance;
            case LeaderQueryRequest:
                return FloodReport.Duplicate;
            case LeaderHitRequest:
                return Ack.Instance;
            default:
                throw new UnreachableException();
        }
    }

    private KazaaLeaderStatus Status() => new(_links.Pending, _index.Peers, _links.Nodes, _index.Count, _flood.Dropped);

    private bool Attach(AttachRequest request) =>
        _links.IsMember
        && (_index.Peers.Count < _parameters.ChildrenMax || _index.Peers.Contains(request.Child))
        && _index.Open(request.Child, request.Epoch, Now + _parameters.ChildLease);

    private List<NodeRef> OtherLeaders() => Random.Sample(_links.Nodes, _parameters.LeadersMax);

    private void Search(Input.Request request, ChildSearchRequest search)
    {
        MarkHop(request.RequestId, new HopMark(Techniques.Kazaa, search.LookupId, 0, request.From.Name, Self.Name));
        if (!_links.IsMember || search.Query.Length > SearchTerms.QueryLengthMax)
        {
            Respond(request.RequestId, new ChildSearchReply([], 0, []));
            return;
        }

        var guid = DescriptorId.TryParse(search.LookupId, out var given) && !_flood.HasSeen(given) ? given : _flood.NewGuid();
        var limit = Math.Clamp(search.Limit, 0, _parameters.Flood.HitsPerNodeMax);
        _flood.Originate(guid, search.Query, limit, result => Respond(
            request.RequestId, new ChildSearchReply(result.Postings.InCommonOrder(limit), result.Messages, result.Hops)));
    }

    /// <summary>KaZaA's messages for the components that do not know them.</summary>
    private sealed class Port(KazaaLeader leader) : IFloodPort, INeighbourPort
    {
        public string Technique => Techniques.Kazaa;

        public int FirstHopIndex => 1;

        public IReadOnlyList<NodeRef> Links => leader._links.Nodes;

        public IRequest<FloodReport> Message(FloodQuery query) =>
            new LeaderQueryRequest(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit);

        public IRequest<Ack> Message(FloodHit hit) => new LeaderHitRequest(hit.Guid, hit.Ttl, hit.Hops, hit.Hits);

        public IReadOnlyList<Posting> Match(string query, int limit) => leader._index.Search(SearchTerms.Words(query), limit, leader.Now);

        public void Unreachable(NodeRef node) => leader._links.Drop(node);

        public void Connect(NodeRef node, int degree, TimeSpan timeout, Action<ConnectAnswer?> done) => leader.Call(
            node,
            new LeaderConnectRequest(leader.Self, degree),
            timeout,
            reply => done(reply is null ? null : new ConnectAnswer(reply.Accepted, reply.Leaders)));

        public void Ping(NodeRef node, TimeSpan timeout, Action<bool?> done) =>
            leader.Call(node, new LeaderPingRequest(), timeout, reply => done(reply?.Linked));

        public void Bye(NodeRef node, TimeSpan timeout, Action done) => leader.Call(node, new LeaderByeRequest(), timeout, _ => done());
    }
}
