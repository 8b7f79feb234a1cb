using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Flooding;

/// <summary>
/// Flooding by the routing rules of Gnutella 0.4: a query goes to all neighbours but the one it came from, each node handles a GUID
/// once, and a hit returns along the path of its query. Part of an engine. A query is acknowledged when the branch below it has
/// ended, so that the origin knows when the flood is over and what it cost.
/// </summary>
public sealed class Flood
{
    private readonly Engine _engine;
    private readonly IFloodPort _port;
    private readonly FloodParameters _parameters;
    private readonly SeenTable<Entry> _seen;
    private readonly QueryLimiter _limiter;

    /// <summary>No query is under way.</summary>
    /// <param name="engine">Whose calls are used.</param>
    /// <param name="port">The protocol around it.</param>
    /// <param name="parameters">See there.</param>
    public Flood(Engine engine, IFloodPort port, FloodParameters parameters)
    {
        _engine = engine;
        _port = port;
        _parameters = parameters;
        _seen = new SeenTable<Entry>(parameters.SeenAge, parameters.SeenMax);
        _limiter = new QueryLimiter(parameters.QueriesPerSecond, parameters.QueryBurst);
    }

    /// <summary>Descriptors remembered.</summary>
    public int SeenCount => _seen.Count;

    /// <summary>Messages dropped because they broke a rule, or because their way back was not known.</summary>
    public long Dropped { get; private set; }

    /// <summary>Queries dropped because a neighbour sent too many.</summary>
    public long Limited { get; private set; }

    /// <summary>A GUID that nobody has used.</summary>
    public DescriptorId NewGuid() => DescriptorId.FromRandomBits(_engine.Random.NextBits(), _engine.Random.NextBits());

    /// <summary>Whether a query of this GUID passed here.</summary>
    public bool HasSeen(DescriptorId guid) => _seen.TryGet(DescriptorType.Query, guid, _engine.Now, out _);

    /// <summary>Originates a query (rule 1); this node's own matches are in the result.</summary>
    /// <param name="guid">Not seen here before.</param>
    /// <param name="query">At most <see cref="SearchTerms.QueryLengthMax"/> characters.</param>
    /// <param name="limit">How many hits a node may answer with.</param>
    /// <param name="done">Called once, when every branch has ended.</param>
    /// <param name="ttl">1 up to the TTL of the parameters; null: that one.</param>
    public void Originate(DescriptorId guid, string query, int limit, Action<FloodResult> done, int? ttl = null)
    {
        var entry = new Entry(null);
        var branch = entry.Open(ended => done(new FloodResult(
            ended.Hops.All(FloodResult.IsWhole) ? SearchOutcome.Complete : SearchOutcome.Partial,
            [.. ended.Found],
            ended.Hops,
            ended.Messages)));
        _seen.TryAdd(DescriptorType.Query, guid, entry, _engine.Now);
        branch.Found.AddRange(_port.Match(query, limit).Take(_parameters.HitsMax));
        var first = new FloodQuery(guid, ttl ?? _parameters.Ttl, 0, query, limit);
        Forward(branch, first, null);
        ForwardLast(branch, first, null);
        branch.Release();
    }

    /// <summary>Handles a query that another node sent (rules 2 to 6, 8 and 9).</summary>
    public void OnQuery(Input.Request request, FloodQuery query)
    {
        if (!IsValid(query))
        {
            Dropped++;
            _engine.Respond(request.RequestId, FloodReport.Duplicate);
            return;
        }

        if (!IsWithinLimit(request.From))
        {
            _engine.Respond(request.RequestId, new FloodReport(
                0, new Hop(request.From.Name, _engine.Self.Name, false, _engine.ElapsedMs(request.SentAt), HopOutcomes.Limited)));
            return;
        }

        if (HasSeen(query.Guid))
        {
            _engine.MarkRepeated(request.RequestId, query.Guid.ToString(), request.From);
            _engine.Respond(request.RequestId, FloodReport.Duplicate);
            return;
        }

        var hop = new Hop(request.From.Name, _engine.Self.Name, false, _engine.ElapsedMs(request.SentAt));
        var entry = new Entry(_port.Links.FirstOrDefault(link => link == request.From) ?? request.From);
        var branch = entry.Open(ended => _engine.Respond(
            request.RequestId, new FloodReport(ended.Messages, hop with { Children = ended.Hops.Count > 0 ? ended.Hops : null })));
        _seen.TryAdd(DescriptorType.Query, query.Guid, entry, _engine.Now);
        _engine.MarkHop(request.RequestId, Mark(query, request.From, _engine.Self));
        var hits = _port.Match(query.Query, Math.Clamp(query.Limit, 0, _parameters.HitsPerNodeMax));
        if (hits.Count > 0)
        {
            SendHit(branch, request.From, new FloodHit(query.Guid, query.Hops + 1, 0, hits));
        }

        var onward = query with { Ttl = query.Ttl - 1, Hops = query.Hops + 1 };
        if (query.Ttl > 1 && _port.Forwards)
        {
            Forward(branch, onward, request.From);
        }

        ForwardLast(branch, onward with { Ttl = Math.Max(1, onward.Ttl) }, request.From);

        branch.Release();
    }

    /// <summary>Handles a hit: collected at the origin, relayed along the reverse path elsewhere (rule 7).</summary>
    public void OnHit(Input.Request request, FloodHit hit)
    {
        _engine.Respond(request.RequestId, Ack.Instance);
        if (!_seen.TryGet(DescriptorType.Query, hit.Guid, _engine.Now, out var entry)
            || hit.Hops < 0 || hit.Hits.Count > _parameters.HitsPerNodeMax)
        {
            Dropped++;
        }
        else if (entry.Arrival is null)
        {
            entry.Branch?.Found.AddRange(hit.Hits.Take(_parameters.HitsMax - entry.Branch.Found.Count));
        }
        else if (hit.Ttl > 1)
        {
            SendHit(entry.Branch, entry.Arrival, hit with { Ttl = hit.Ttl - 1, Hops = hit.Hops + 1 });
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>Whether a neighbour may send one more query now; counted when it may not.</summary>
    public bool IsWithinLimit(NodeRef sender)
    {
        if (_limiter.TryTake(sender, _port.Senders, _engine.Now))
        {
            return true;
        }

        Limited++;
        return false;
    }

    private bool IsValid(FloodQuery query) =>
        query is { Ttl: >= 1, Hops: >= 0, Query.Length: <= SearchTerms.QueryLengthMax } && query.Ttl + query.Hops <= _parameters.TtlMax;

    private void Forward(Branch branch, FloodQuery query, NodeRef? arrival) => Send(branch, query, arrival, _port.Links);

    private void ForwardLast(Branch branch, FloodQuery query, NodeRef? arrival) => Send(branch, query, arrival, _port.LastHop(query.Query));

    private void Send(Branch branch, FloodQuery query, NodeRef? arrival, IReadOnlyList<NodeRef> to)
    {
        var message = _port.Message(query);
        var sentAt = _engine.Now;
        foreach (var link in to)
        {
            if (link == arrival)
            {
                continue;
            }

            branch.Sent();
            _engine.Call(link, message, _parameters.StepTimeout * (query.Ttl + 1), report =>
            {
                if (report is null)
                {
                    Fail(branch, query, link, sentAt);
                }
                else
                {
                    branch.Report(report);
                }

                branch.Release();
            });
        }
    }

    private void Fail(Branch branch, FloodQuery query, NodeRef link, DateTimeOffset sentAt)
    {
        _engine.MarkFailed(Mark(query, _engine.Self, link), sentAt);
        branch.Failed(new Hop(_engine.Self.Name, link.Name, false, _engine.ElapsedMs(sentAt), HopOutcomes.Unreachable));
        _port.Unreachable(link, sentAt);
    }

    private void SendHit(Branch? branch, NodeRef to, FloodHit hit)
    {
        branch?.Sent();
        _engine.Call(to, _port.Message(hit), _parameters.StepTimeout / 2, _ => branch?.Release());
    }

    private HopMark Mark(FloodQuery query, NodeRef from, NodeRef to) =>
        new(_port.Technique, query.Guid.ToString(), query.Hops + _port.FirstHopIndex, from.Name, to.Name);

    /// <summary>What a node remembers of a query: the way back (null at the origin) and, while it is under way, its branch.</summary>
    private sealed class Entry(NodeRef? arrival)
    {
        public NodeRef? Arrival { get; } = arrival;

        public Branch? Branch { get; private set; }

        public Branch Open(Action<Branch> ended) => Branch = new Branch(branch =>
        {
            Branch = null;
            ended(branch);
        });
    }
}
