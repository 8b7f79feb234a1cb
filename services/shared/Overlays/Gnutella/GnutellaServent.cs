using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>A node of a fully decentralized, unstructured overlay: it keeps links, floods queries and relays hits (Gnutella 0.4).</summary>
public sealed class GnutellaServent : Engine
{
    private readonly LocalFiles _files;
    private readonly IServentLinks _links;
    private readonly Leaves _leaves;
    private readonly Flood _flood;
    private readonly Walks _walks;
    private readonly GnutellaParameters _parameters;
    private bool _left;

    /// <summary>A servent that has not started.</summary>
    public GnutellaServent(NodeRef self, IRandom random, BootParameters boot, GnutellaParameters parameters)
        : base(self, random)
    {
        var port = new Port(this);
        _parameters = parameters;
        _files = new LocalFiles(self.App, parameters.FilesMax);
        _leaves = new Leaves(parameters.Leaves);
        _links = parameters.Role is GnutellaRole.Leaf
            ? new LeafLinks(this, port, boot, parameters.Links, parameters.Leaves, () => QrpTable.Of(_files.Words, parameters.Leaves.TableLength))
            : new PeerLinks(new Neighbourhood(
                this, OverlayNames.Gnutella, boot, parameters.Links with { Degree = parameters.Degree }, port));
        _flood = new Flood(this, port, parameters.Flood with { Ttl = parameters.Ttl });
        _walks = new Walks(this, port, _flood, parameters.Flood, parameters.Walks);
    }

    /// <inheritdoc/>
    protected override void OnStart() => _links.Start();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        switch (request.Body)
        {
            case QueryRequest when _left:
                Respond(request.RequestId, FloodReport.Duplicate);
                break;
            case QueryRequest query when _walks.IsOwn(query.Guid):
                Respond(request.RequestId, FloodReport.Duplicate);
                break;
            case QueryRequest query:
                _flood.OnQuery(request, new FloodQuery(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit));
                break;
            case QueryHitRequest when _left:
                Respond(request.RequestId, Ack.Instance);
                break;
            case QueryHitRequest hit when _walks.Knows(hit.Guid):
                _walks.OnHit(request, hit);
                break;
            case QueryHitRequest hit:
                _flood.OnHit(request, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits));
                break;
            case WalkRequest when _left || _parameters.Role is GnutellaRole.Leaf:
                Respond(request.RequestId, new WalkReply(false));
                break;
            case WalkRequest walk:
                _walks.OnWalk(request, walk);
                break;
            case WalkCheckRequest when _left:
                Respond(request.RequestId, new WalkCheckReply(false));
                break;
            case WalkCheckRequest check:
                _walks.OnCheck(request, check);
                break;
            case ConnectRequest connect:
                var answer = connect.Node == request.From ? Accept(connect) : new ConnectAnswer(false, []);
                Respond(request.RequestId, new ConnectReply(answer.Accepted, answer.Try));
                break;
            case RouteTableReset reset:
                Respond(request.RequestId, _leaves.Reset(request.From, reset));
                break;
            case RouteTablePatch patch:
                Respond(request.RequestId, _leaves.Patch(request.From, patch));
                break;
            case PingRequest:
                Respond(request.RequestId, Pong(request.From));
                break;
            case ByeRequest:
                _links.Drop(request.From);
                _leaves.Drop(request.From);
                Respond(request.RequestId, Ack.Instance);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case SearchCommand search:
                Search(commandId, search);
                break;
            case ShareCommand share:
                _files.Add(share.Files, Now);
                _links.FilesChanged();
                Complete(commandId, share, Done.Yes);
                break;
            case UnshareCommand unshare:
                _files.Remove([.. unshare.Files.Select(file => file.ContentId)], Now);
                _links.FilesChanged();
                Complete(commandId, unshare, Done.Yes);
                break;
            case LeaveCommand leave when _left:
                Complete(commandId, leave, Done.Yes);
                break;
            case LeaveCommand leave:
                Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case GnutellaStatusCommand status:
                Complete(commandId, status, Status());
                break;
            default:
                throw new UnreachableException();
        }
    }

    private GnutellaStatus Status() => new(
        _links.Pending,
        _links.Nodes,
        _files.Count,
        _flood.SeenCount + _walks.SeenCount,
        _flood.Dropped + _walks.Dropped,
        _flood.Limited,
        _links.KnownCount,
        _leaves.Nodes);

    /// <summary>Only an ultrapeer takes leaves; it names others to one that it does not take.</summary>
    private ConnectAnswer Accept(ConnectRequest connect)
    {
        if (!connect.Leaf)
        {
            return _links.Accept(connect.Node, connect.Degree);
        }

        return _parameters.Role is GnutellaRole.Ultrapeer && _links.IsMember && _leaves.Accept(connect.Node, Now)
            ? new ConnectAnswer(true, [])
            : new ConnectAnswer(false, Random.Sample(_links.Nodes, _parameters.Links.TryMax));
    }

    private void Leave(Action done)
    {
        _left = true;
        foreach (var leaf in _leaves.Nodes)
        {
            Call(leaf, new ByeRequest(), _parameters.Links.CallTimeout, _ => { });
        }

        _leaves.Clear();
        _links.Leave(done);
    }

    /// <summary>Only a neighbour learns of other nodes.</summary>
    private PongReply Pong(NodeRef to)
    {
        var linked = _links.IsLinkedWith(to) || _leaves.Heard(to, Now);
        var hosts = linked ? _links.Pong(to).Select(live => new CachedHost(live.Node, (int)live.Age.TotalMilliseconds)).ToList() : null;
        return new PongReply(linked, _files.Count, _files.Bytes, hosts);
    }

    private void Search(long commandId, SearchCommand search)
    {
        var guid = _flood.NewGuid();
        if (!_links.IsMember || search.Query.Length > SearchTerms.QueryLengthMax)
        {
            Complete(commandId, search, new SearchResult(guid.ToString(), SearchOutcome.Failed, [], [], 0));
            return;
        }

        Action<FloodResult> done = result => Complete(
            commandId,
            search,
            new SearchResult(guid.ToString(), result.Outcome, result.Postings.InCommonOrder(search.Limit), result.Hops, result.Messages));
        switch (search.Mode)
        {
            case LookupMode.Default or LookupMode.Flood:
                _flood.Originate(guid, search.Query, search.Limit, done);
                break;
            case LookupMode.ExpandingRing:
                new ExpandingRing(_flood, Self.App, ExpandingRing.Ttls(_parameters.Rings, _parameters.Ttl))
                    .Originate(guid, search.Query, search.Limit, done);
                break;
            case LookupMode.RandomWalk:
                _walks.Originate(guid, search.Query, search.Limit, done);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(search), search.Mode, "Not a mode of Gnutella.");
        }
    }

    /// <summary>Gnutella's messages for the components that do not know them.</summary>
    private sealed class Port(GnutellaServent servent) : IFloodPort, INeighbourPort
    {
        public string Technique => Techniques.Gnutella;

        public int FirstHopIndex => 0;

        public IReadOnlyList<NodeRef> Links => servent._links.Nodes;

        public IReadOnlyList<NodeRef> Senders =>
            servent._leaves.Nodes.Count == 0 ? servent._links.Nodes : [.. servent._links.Nodes, .. servent._leaves.Nodes];

        public bool Forwards => servent._parameters.Role is not GnutellaRole.Leaf;

        public IReadOnlyList<NodeRef> LastHop(string query) => servent._leaves.For(query, servent.Now);

        public IRequest<FloodReport> Message(FloodQuery query) =>
            new QueryRequest(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit);

        public IRequest<Ack> Message(FloodHit hit) => new QueryHitRequest(hit.Guid, hit.Ttl, hit.Hops, hit.Hits);

        public IReadOnlyList<Posting> Match(string query, int limit) => servent._files.Match(query, limit, servent.Now);

        public void Unreachable(NodeRef node, DateTimeOffset sentAt)
        {
            if (!servent._links.IsLinkedSince(node, sentAt) && !servent._leaves.ContainsSince(node, sentAt))
            {
                servent._links.Drop(node);
                servent._leaves.Drop(node);
            }
        }

        public void Connect(NodeRef node, int degree, TimeSpan timeout, Action<ConnectAnswer?> done) => servent.Call(
            node,
            new ConnectRequest(servent.Self, degree, servent._parameters.Role is GnutellaRole.Leaf),
            timeout,
            reply => done(reply is null ? null : new ConnectAnswer(reply.Accepted, reply.Try)));

        public void Ping(NodeRef node, TimeSpan timeout, Action<bool?> done) =>
            servent.Call(node, new PingRequest(), timeout, reply =>
            {
                servent._links.Learn((reply?.Hosts ?? []).Select(host => new LiveNode(host.Node, TimeSpan.FromMilliseconds(host.AgeMs))));
                done(reply?.Linked);
            });

        public void Bye(NodeRef node, TimeSpan timeout, Action done) => servent.Call(node, new ByeRequest(), timeout, _ => done());
    }
}
