using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>
/// Checks each message of each flood against the routing rules of Gnutella 0.4 (protocols.md 3): a GUID is handled once by a node, TTL and
/// hops add up to the same on every path, nothing goes back where it came from, hits take the reverse path, nobody names the origin.
/// </summary>
internal sealed class FloodWatch
{
    private static readonly TimeSpan TraceAge = TimeSpan.FromMinutes(2);

    private readonly Func<TimeSpan> _now;
    private readonly Action<string, string> _fail;
    private readonly int _firstHopIndex;
    private readonly Dictionary<string, FloodTrace> _traces = new(StringComparer.Ordinal);
    private readonly Queue<FloodTrace> _order = new();

    /// <param name="now">Time.</param>
    /// <param name="firstHopIndex">Index of the hop from the origin of a flood; those below belong to no flood.</param>
    /// <param name="fail">Called with node and rule.</param>
    public FloodWatch(Func<TimeSpan> now, int firstHopIndex, Action<string, string> fail)
    {
        _now = now;
        _firstHopIndex = firstHopIndex;
        _fail = fail;
    }

    /// <summary>What is known of a flood; null when it is forgotten, or never began.</summary>
    public FloodTrace? Find(string lookupId) => _traces.GetValueOrDefault(lookupId);

    /// <summary>A node starts and remembers nothing.</summary>
    public void Started(string node)
    {
        foreach (var trace in _traces.Values)
        {
            trace.Forget(node);
        }
    }

    /// <summary>A request is sent.</summary>
    public void OnSending(NodeRef from, NodeRef to, IMessage body)
    {
        switch (body)
        {
            case QueryRequest query:
                OnQuery(from.Name, to.Name, query.Guid, query.Ttl, query.Hops, body);
                break;
            case LeaderQueryRequest query:
                OnQuery(from.Name, to.Name, query.Guid, query.Ttl, query.Hops, body);
                break;
            case QueryHitRequest hit:
                OnHit(from.Name, to.Name, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits), body);
                break;
            case LeaderHitRequest hit:
                OnHit(from.Name, to.Name, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits), body);
                break;
            default:
                break;
        }
    }

    /// <summary>A node did something.</summary>
    public void OnEffect(NodeRef node, Effect effect)
    {
        if (effect is not Effect.HopReceived { Hop: var hop } || hop.Index < _firstHopIndex || Find(hop.LookupId) is not { } trace)
        {
            return;
        }

        if (node.Name == trace.Origin && trace.OriginLives)
        {
            _fail(node.Name, $"handles its own query {hop.LookupId}");
        }
        else if (!trace.TryArrive(node.Name, hop.From, hop.Index - _firstHopIndex + 1))
        {
            _fail(node.Name, $"handles {hop.LookupId} twice");
        }
    }

    private void OnQuery(string from, string to, DescriptorId guid, int ttl, int hops, IMessage body)
    {
        var id = guid.ToString();
        if (Find(id) is not { } trace)
        {
            if (hops != 0)
            {
                _fail(from, $"sends a query {id} of {hops} hops that nobody began");
                return;
            }

            trace = Begin(id, from, ttl);
        }

        trace.Queries++;
        if (ttl + hops != trace.Ttl)
        {
            _fail(from, $"sends {id} with TTL {ttl} and {hops} hops, which began with {trace.Ttl}");
        }

        if (trace.DepthOf(from) is { } depth && depth != hops)
        {
            _fail(from, $"sends {id} with {hops} hops though it is {depth} away from its origin");
        }

        if (trace.ArrivalOf(from) == to)
        {
            _fail(from, $"sends {id} back to {to}");
        }

        CheckOrigin(trace, from, body);
    }

    private void OnHit(string from, string to, FloodHit hit, IMessage body)
    {
        var id = hit.Guid.ToString();
        if (Find(id) is not { } trace)
        {
            _fail(from, $"sends a hit for {id}, which nobody asked");
            return;
        }

        trace.Hits++;
        if (trace.ArrivalOf(from) != to)
        {
            _fail(from, $"sends a hit for {id} to {to}; the query came from {trace.ArrivalOf(from) ?? "nobody"}");
        }

        if (trace.DepthOf(from) is { } depth && (depth != hit.Ttl || hit.Hops < 0))
        {
            _fail(from, $"sends a hit for {id} with TTL {hit.Ttl} though it is {depth} away from its origin");
        }

        CheckOrigin(trace, from, body);
    }

    /// <summary>Records print all their fields but the items of lists, which are the responder's postings.</summary>
    private void CheckOrigin(FloodTrace trace, string from, IMessage body)
    {
        var text = body.ToString()!;
        var at = text.IndexOf(trace.Origin, StringComparison.Ordinal);
        if (at >= 0 && (at + trace.Origin.Length == text.Length || !char.IsAsciiDigit(text[at + trace.Origin.Length])))
        {
            _fail(from, $"sends a message that names its origin: {text}");
        }
    }

    private FloodTrace Begin(string id, string origin, int ttl)
    {
        while (_order.TryPeek(out var oldest) && _now() - oldest.Begun > TraceAge)
        {
            _traces.Remove(_order.Dequeue().Id);
        }

        var trace = new FloodTrace(id, origin, ttl, _now());
        _traces.Add(id, trace);
        _order.Enqueue(trace);
        return trace;
    }
}

/// <summary>One flood as an observer outside sees it.</summary>
internal sealed class FloodTrace(string id, string origin, int ttl, TimeSpan begun)
{
    private readonly Dictionary<string, (string From, int Depth)> _arrivals = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public string Origin { get; } = origin;

    public int Ttl { get; } = ttl;

    public TimeSpan Begun { get; } = begun;

    /// <summary>False when the origin has started again, and so knows nothing of this flood.</summary>
    public bool OriginLives { get; private set; } = true;

    /// <summary>
    /// A node on the way has started again and may have handled the query anew, further away: the way back may be a circle then, in which
    /// hits go round until their TTL ends.
    /// </summary>
    public bool IsDisturbed { get; private set; }

    /// <summary>Query messages sent.</summary>
    public int Queries { get; set; }

    /// <summary>Hit messages sent, once a step.</summary>
    public int Hits { get; set; }

    /// <summary>Nodes that handled it, the origin not counted.</summary>
    public int Reached => _arrivals.Count;

    /// <summary>Largest distance over the paths that it took; 0 when it reached nobody.</summary>
    public int Depth => _arrivals.Values.Select(arrival => arrival.Depth).DefaultIfEmpty().Max();

    public string? ArrivalOf(string node) => _arrivals.TryGetValue(node, out var arrival) ? arrival.From : null;

    /// <summary>Steps from the origin on the path that it took; null when the node has not handled it, or the flood is disturbed.</summary>
    public int? DepthOf(string node) => IsDisturbed ? null : node == Origin ? 0 : _arrivals.TryGetValue(node, out var arrival) ? arrival.Depth : null;

    public bool TryArrive(string node, string from, int depth) => _arrivals.TryAdd(node, (from, depth));

    public void Forget(string node)
    {
        OriginLives &= node != Origin;
        IsDisturbed |= _arrivals.Remove(node) || !OriginLives;
    }
}
