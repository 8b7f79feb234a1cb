using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// A group leader's term: a small central index for its children, a node of the flood among leaders, and a refresh list of other
/// leaders, which it exchanges with its neighbours and gives to its children. Part of an engine; a term that has ended is not begun again.
/// </summary>
internal sealed class GroupLeader
{
    private readonly Engine _engine;
    private readonly KazaaParameters _parameters;
    private readonly bool _promoted;
    private readonly FileIndex _index;
    private readonly RefreshList _others;
    private readonly Neighbourhood _links;
    private readonly Flood _flood;
    private readonly List<Action> _onLeft = [];
    private DateTimeOffset _since;
    private bool _leaving;
    private bool _ending;
    private bool _left;

    /// <summary>A leader that has not started.</summary>
    public GroupLeader(Engine engine, BootParameters boot, KazaaParameters parameters, bool promoted)
    {
        var port = new Port(this);
        _engine = engine;
        _parameters = parameters;
        _promoted = promoted;
        _index = new FileIndex(parameters.FilesPerChildMax);
        _others = new RefreshList(parameters.LeadersMax, parameters.RowAgeMax);
        _links = new Neighbourhood(engine, OverlayNames.KazaaLeaders, boot, parameters.Links with { Degree = parameters.Degree }, port);
        _flood = new Flood(engine, port, parameters.Flood with { Ttl = parameters.Ttl });
    }

    /// <summary>How long the term has lasted.</summary>
    public TimeSpan Term => _engine.Now - _since;

    /// <summary>Children with a live session.</summary>
    public int Children => _index.Peers.Count;

    /// <summary>Whether it leads.</summary>
    public LeaderStanding Standing =>
        _left || _ending ? LeaderStanding.None
        : _leaving ? LeaderStanding.Leaving
        : _links.IsMember ? LeaderStanding.Leading
        : LeaderStanding.Joining;

    /// <summary>What it knows of other leaders.</summary>
    public IReadOnlyList<LeaderRow> Others => _others.Rows(_engine.Now);

    /// <summary>How it is.</summary>
    public KazaaLeaderStatus Status()
    {
        _index.Expire(_engine.Now);
        return new KazaaLeaderStatus(_links.Pending, _index.Peers, _links.Nodes, _index.Count, _flood.Dropped, _others.Count);
    }

    /// <summary>Begins to join the other leaders.</summary>
    public void Start()
    {
        _since = _engine.Now;
        _links.Start();
    }

    /// <summary>
    /// Ends the term. If others have room, the children are told in the answers to their heartbeats to attach there, and it goes when
    /// they have, or after <see cref="KazaaParameters.DrainMax"/>. Calls back when it has left.
    /// </summary>
    public void Leave(Action done)
    {
        if (_left)
        {
            done();
            return;
        }

        _onLeft.Add(done);
        if (!_leaving)
        {
            _leaving = true;
            _index.Expire(_engine.Now);
            if (Children > 0 && Named(_parameters.LeadersMax).Any(Workload.HasRoom))
            {
                _engine.After(_parameters.DrainMax, End);
            }
            else
            {
                End();
            }
        }
    }

    /// <summary>Handles a request of KaZaA.</summary>
    public void Handle(Input.Request request)
    {
        _index.Expire(_engine.Now);
        switch (request.Body)
        {
            case ChildSearchRequest search:
                Search(request, search);
                break;
            case LeaderQueryRequest query when !_ending:
                _flood.OnQuery(request, new FloodQuery(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit));
                break;
            case LeaderHitRequest hit when !_ending:
                _flood.OnHit(request, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits));
                break;
            default:
                _engine.Respond(request.RequestId, Answer(request.From, request.Body));
                break;
        }

        if (_leaving && Children == 0)
        {
            End();
        }
    }

    private void End()
    {
        if (_ending)
        {
            return;
        }

        _ending = true;
        _index.Expire(DateTimeOffset.MaxValue);
        _links.Leave(() =>
        {
            _left = true;
            _onLeft.ForEach(done => done());
        });
    }

    /// <summary>A leader that has left has no children, so the index itself answers as a stranger.</summary>
    private IMessage Answer(NodeRef from, IMessage body)
    {
        var now = _engine.Now;
        switch (body)
        {
            case LeaderProbeRequest:
                return new LeaderProbeReply(Standing, Row(), (long)Term.TotalMilliseconds);
            case AttachRequest attach:
                return new AttachReply(Attach(attach), (int)_parameters.ChildLease.TotalMilliseconds, Named(_parameters.LeadersMax));
            case UploadRequest upload:
                return new ChildReply(_index.Add(upload.Child, upload.Epoch, upload.Files, now), [], _leaving);
            case RemoveRequest remove:
                return new ChildReply(_index.Remove(remove.Child, remove.Epoch, remove.ContentIds, now), [], _leaving);
            case HeartbeatRequest beat:
                var renewed = _index.Renew(beat.Child, beat.Epoch, now, now + _parameters.ChildLease);
                return new ChildReply(renewed, Named(_parameters.RowsExchanged), _leaving);
            case DetachRequest detach:
                _index.Close(detach.Child, detach.Epoch);
                return Ack.Instance;
            case LeaderConnectRequest connect:
                var answer = connect.Leader == from ? _links.Accept(connect.Leader, connect.Degree) : new ConnectAnswer(false, []);
                return new LeaderConnectReply(answer.Accepted, answer.Try);
            case LeaderPingRequest ping:
                Learn(ping.Leaders);
                return new LeaderPongReply(_links.IsLinkedWith(from), Exchanged());
            case LeaderByeRequest:
                Unlink(from);
                return Ack.Instance;
            default:
                return Stranger.Answer(_engine.Self, body);
        }
    }

    /// <summary>A copy of the request that opened the session, which may come after files have been uploaded, must not open it again.</summary>
    private bool Attach(AttachRequest request) =>
        Standing is LeaderStanding.Leading
        && (_index.Has(request.Child, request.Epoch, _engine.Now)
            || ((Children < _parameters.ChildrenMax || _index.Peers.Contains(request.Child))
                && _index.Open(request.Child, request.Epoch, _engine.Now + _parameters.ChildLease)));

    private LeaderRow Row() =>
        new(_engine.Self, Children, Standing is LeaderStanding.Leading ? _parameters.ChildrenMax : 0, 0, _promoted);

    private void Learn(IReadOnlyList<LeaderRow> rows) => _others.Learn(rows.Where(row => row.Leader != _engine.Self), _engine.Now);

    private IReadOnlyList<LeaderRow> Exchanged() => [Row(), .. _others.Sample(_parameters.RowsExchanged - 1, _engine.Now, _engine.Random)];

    /// <summary>Rows of other leaders, and last the neighbours of whose workload nothing has been heard: as old as a row can be.</summary>
    private IReadOnlyList<LeaderRow> Named(int count)
    {
        var rows = _others.Sample(count, _engine.Now, _engine.Random);
        var known = rows.Select(row => row.Leader).ToHashSet();
        var ageMs = (int)_parameters.RowAgeMax.TotalMilliseconds;
        var unheard = _engine.Random.Sample(_links.Nodes.Where(node => !known.Contains(node)), count - rows.Count);
        return [.. rows, .. unheard.Select(node => new LeaderRow(node, 0, 1, ageMs, false))];
    }

    private void Unlink(NodeRef node)
    {
        _others.Forget(node);
        _links.Drop(node);
    }

    private void Search(Input.Request request, ChildSearchRequest search)
    {
        _engine.MarkHop(request.RequestId, new HopMark(Techniques.Kazaa, search.LookupId, 0, request.From.Name, _engine.Self.Name));
        if (!_links.IsMember || search.Query.Length > SearchTerms.QueryLengthMax)
        {
            _engine.Respond(request.RequestId, new ChildSearchReply([], 0, [], _links.IsMember));
            return;
        }

        var guid = DescriptorId.TryParse(search.LookupId, out var given) && !_flood.HasSeen(given) ? given : _flood.NewGuid();
        var limit = Math.Clamp(search.Limit, 0, _parameters.Flood.HitsPerNodeMax);
        _flood.Originate(guid, search.Query, limit, result => _engine.Respond(
            request.RequestId, new ChildSearchReply(result.Postings.ContentsFirst(limit), result.Messages, result.Hops, true)));
    }

    /// <summary>KaZaA's messages for the components that do not know them.</summary>
    private sealed class Port(GroupLeader leader) : IFloodPort, INeighbourPort
    {
        public string Technique => Techniques.Kazaa;

        public int FirstHopIndex => 1;

        public IReadOnlyList<NodeRef> Links => leader._links.Nodes;

        public IRequest<FloodReport> Message(FloodQuery query) =>
            new LeaderQueryRequest(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit);

        public IRequest<Ack> Message(FloodHit hit) => new LeaderHitRequest(hit.Guid, hit.Ttl, hit.Hops, hit.Hits);

        public IReadOnlyList<Posting> Match(string query, int limit) =>
            leader._index.Search(SearchTerms.Words(query), int.MaxValue, leader._engine.Now).ContentsFirst(limit);

        public void Unreachable(NodeRef node, DateTimeOffset sentAt)
        {
            if (!leader._links.IsLinkedSince(node, sentAt))
            {
                leader.Unlink(node);
            }
        }

        public void Connect(NodeRef node, int degree, TimeSpan timeout, Action<ConnectAnswer?> done) => leader._engine.Call(
            node,
            new LeaderConnectRequest(leader._engine.Self, degree),
            timeout,
            reply => done(reply is null ? null : new ConnectAnswer(reply.Accepted, reply.Leaders)));

        public void Ping(NodeRef node, TimeSpan timeout, Action<bool?> done) =>
            leader._engine.Call(node, new LeaderPingRequest(leader.Exchanged()), timeout, reply =>
            {
                if (reply is null)
                {
                    leader._others.Forget(node);
                }

                leader.Learn(reply?.Leaders ?? []);
                done(reply?.Linked);
            });

        public void Bye(NodeRef node, TimeSpan timeout, Action done) => leader._engine.Call(node, new LeaderByeRequest(), timeout, _ => done());
    }
}
