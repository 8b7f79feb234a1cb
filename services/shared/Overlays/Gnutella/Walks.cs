using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>
/// k random walks (Lv et al., ICS 2002): k walkers, each of which goes from node to one random neighbour, not back to where it came from
/// unless there is no other. Part of an engine.
/// <para>
/// A walker names no origin. Each node remembers from whom the GUID came to it first; these links form a tree with the origin as its
/// root, and hits and checks go up that tree, node by node. A check is a question and an answer on every link of it, all of which count
/// as messages. A node evaluates its files once a GUID, whichever walker brings it. So does an ultrapeer's leaf whose table the query
/// passes: the walker waits at the ultrapeer until its leaves have answered.
/// </para>
/// </summary>
internal sealed class Walks
{
    private readonly Engine _engine;
    private readonly IFloodPort _port;
    private readonly Flood _flood;
    private readonly FloodParameters _bounds;
    private readonly WalkParameters _parameters;
    private readonly SeenTable<Entry> _seen;

    public Walks(Engine engine, IFloodPort port, Flood flood, FloodParameters bounds, WalkParameters parameters)
    {
        _engine = engine;
        _port = port;
        _flood = flood;
        _bounds = bounds;
        _parameters = parameters;
        _seen = new SeenTable<Entry>(bounds.SeenAge, bounds.SeenMax);
    }

    public int SeenCount => _seen.Count;

    /// <summary>Messages that broke a rule or had no way back.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether this node is the origin of a walk.</summary>
    public bool IsOwn(DescriptorId guid) => _seen.TryGet(DescriptorType.Query, guid, _engine.Now, out var entry) && entry.Walk is not null;

    public bool Knows(DescriptorId guid) => _seen.TryGet(DescriptorType.Query, guid, _engine.Now, out _);

    /// <summary>Sends the walkers out; this node's own matches are in the result.</summary>
    public void Originate(DescriptorId guid, string query, int limit, Action<FloodResult> done)
    {
        var watch = 0L;
        var walk = new Walk(_engine.Self.Name, _parameters, _engine.Now, result =>
        {
            _engine.Cancel(watch);
            done(result);
        });
        walk.Found.AddRange(_port.Match(query, limit).Take(_bounds.HitsMax));
        var entry = new Entry(null, 0, walk);
        _seen.TryAdd(DescriptorType.Query, guid, entry, _engine.Now);
        Watch();
        AskLeaves(new Walker(guid, 0, _parameters.StepsMax, 0, query, limit, null, 0, []), _port.LastHop(query), first =>
        {
            for (var walker = 0; walker < _parameters.Walkers; walker++)
            {
                Check(entry, walker == 0 ? first : first with { Number = walker, Answers = 0, Trail = [] }, ended: false);
            }
        });

        void Watch() => watch = _engine.After(_parameters.StepTimeout, () =>
        {
            walk.Watch(_engine.Now);
            if (!walk.IsOver)
            {
                Watch();
            }
        });
    }

    /// <summary>A walker arrives. The origin refuses none of its own: the refusal would be reported, under its name.</summary>
    public void OnWalk(Input.Request request, WalkRequest walk)
    {
        var valid = IsValid(walk);
        _seen.TryGet(DescriptorType.Query, walk.Guid, _engine.Now, out var entry);
        if (!valid || (entry?.Walk is null && !_flood.IsWithinLimit(request.From)))
        {
            Dropped += valid ? 0 : 1;
            _engine.Respond(request.RequestId, new WalkReply(false));
            return;
        }

        _engine.MarkHop(request.RequestId, Mark(walk.Guid, walk.Hops, request.From, _engine.Self));
        _engine.Respond(request.RequestId, new WalkReply(true));
        var from = _port.Links.FirstOrDefault(link => link == request.From) ?? request.From;
        var answers = walk.Answers;
        IReadOnlyList<NodeRef> leaves = [];
        if (entry is null)
        {
            entry = new Entry(from, walk.Depth + 1, null);
            _seen.TryAdd(DescriptorType.Query, walk.Guid, entry, _engine.Now);
            leaves = [.. _port.LastHop(walk.Query).Where(leaf => leaf != from)];
            var hits = _port.Match(walk.Query, Math.Clamp(walk.Limit, 0, _bounds.HitsPerNodeMax));
            if (hits.Count > 0)
            {
                answers++;
                SendHit(from, new QueryHitRequest(walk.Guid, entry.Depth, 0, hits));
            }
        }

        var walker = WithStep(
            new Walker(walk.Guid, walk.Walker, walk.Ttl - 1, walk.Hops + 1, walk.Query, walk.Limit, from, answers, walk.Trail),
            new WalkStep(_engine.Self.Name, _engine.ElapsedMs(request.SentAt)));
        AskLeaves(walker, leaves, asked =>
        {
            if (asked.Ttl == 0 || asked.Hops % _parameters.CheckEvery == 0 || entry.Walk is not null)
            {
                Check(entry, asked, ended: asked.Ttl == 0);
            }
            else
            {
                Go(entry, asked, []);
            }
        });
    }

    /// <summary>Has leaves answer the query, by hits that come back through here.</summary>
    private void AskLeaves(Walker walker, IReadOnlyList<NodeRef> leaves, Action<Walker> done)
    {
        if (leaves.Count == 0)
        {
            done(walker);
            return;
        }

        var sentAt = _engine.Now;
        var pending = leaves.Count;
        var message = _port.Message(new FloodQuery(walker.Guid, 1, Math.Min(walker.Hops, _bounds.TtlMax - 1), walker.Query, walker.Limit));
        foreach (var leaf in leaves)
        {
            _engine.Call(leaf, message, _parameters.StepTimeout, report =>
            {
                if (report is null)
                {
                    _engine.MarkFailed(Mark(walker.Guid, walker.Hops, _engine.Self, leaf), sentAt);
                    _port.Unreachable(leaf, sentAt);
                }

                // Who drops the query as a copy is not named: it may be the origin.
                var outcome = report is null ? HopOutcomes.Unreachable : report.Hop?.Outcome ?? HopOutcomes.Ok;
                var name = report is { Hop: null } ? "" : leaf.Name;
                walker = WithStep(walker, new WalkStep(name, _engine.ElapsedMs(sentAt), outcome));
                walker = walker with { Answers = walker.Answers + (report is { Messages: > 0 } ? 1 : 0) };
                if (--pending == 0)
                {
                    done(walker);
                }
            });
        }
    }

    private Walker WithStep(Walker walker, WalkStep step) =>
        walker.Trail.Count < _parameters.TrailMax ? walker with { Trail = [.. walker.Trail, step] } : walker;

    /// <summary>A walker asks whether to go on: answered by the origin, passed on towards it elsewhere.</summary>
    public void OnCheck(Input.Request request, WalkCheckRequest check)
    {
        if (!_seen.TryGet(DescriptorType.Query, check.Guid, _engine.Now, out var entry)
            || check.Hops < 0 || check.Hops >= _parameters.StepsAcceptedMax || !HoldsTogether(check.Answers, check.Trail))
        {
            Dropped++;
            _engine.Respond(request.RequestId, new WalkCheckReply(false));
        }
        else if (entry.Walk is { } walk)
        {
            var onward = walk.Report(check.Walker, check.Trail, check.Answers, 2 * (check.Hops + 1), check.Ended, _engine.Now);
            _engine.Respond(request.RequestId, new WalkCheckReply(onward));
        }
        else
        {
            Ask(entry, check with { Hops = check.Hops + 1 }, onward => _engine.Respond(request.RequestId, new WalkCheckReply(onward)));
        }
    }

    /// <summary>A hit of a walk: collected at the origin, passed on towards it elsewhere.</summary>
    public void OnHit(Input.Request request, QueryHitRequest hit)
    {
        _engine.Respond(request.RequestId, Ack.Instance);
        if (!_seen.TryGet(DescriptorType.Query, hit.Guid, _engine.Now, out var entry)
            || hit.Hops < 0 || hit.Hops >= _parameters.StepsAcceptedMax || hit.Hits.Count > _bounds.HitsPerNodeMax)
        {
            Dropped++;
        }
        else if (entry.Arrival is { } arrival)
        {
            SendHit(arrival, hit with { Ttl = entry.Depth, Hops = hit.Hops + 1 });
        }
        else
        {
            entry.Walk!.Hit(hit.Hits, hit.Hops + 1, _bounds.HitsMax, _engine.Now);
        }
    }

    private bool IsValid(WalkRequest walk) =>
        walk is { Ttl: >= 1, Hops: >= 0, Depth: >= 0, Query.Length: <= SearchTerms.QueryLengthMax }
        && walk.Ttl <= _parameters.StepsAcceptedMax - walk.Hops
        && walk.Depth <= _parameters.StepsAcceptedMax
        && HoldsTogether(walk.Answers, walk.Trail);

    private bool HoldsTogether(int answers, IReadOnlyList<WalkStep> trail) =>
        trail.Count <= _parameters.TrailMax && answers >= 0 && answers <= _bounds.HitsMax;

    /// <summary>Sends a walker on; a neighbour that does not take it is not asked again.</summary>
    private void Go(Entry entry, Walker walker, IReadOnlyList<NodeRef> refused)
    {
        var links = _port.Links.Where(link => !refused.Contains(link)).ToList();
        var onward = links.Where(link => link != walker.Arrival).ToList();
        var choices = onward.Count > 0 ? onward : links;
        if (choices.Count == 0)
        {
            Check(entry, walker, ended: true);
            return;
        }

        var next = choices[_engine.Random.NextBelow(choices.Count)];
        var sentAt = _engine.Now;
        var message = new WalkRequest(
            walker.Guid, walker.Number, walker.Ttl, walker.Hops, entry.Depth, walker.Query, walker.Limit, walker.Answers, walker.Trail);
        _engine.Call(next, message, _parameters.StepTimeout, reply =>
        {
            if (reply is { Taken: true })
            {
                return;
            }

            if (reply is null)
            {
                _engine.MarkFailed(Mark(walker.Guid, walker.Hops, _engine.Self, next), sentAt);
                _port.Unreachable(next, sentAt);
            }

            var outcome = reply is null ? HopOutcomes.Unreachable : HopOutcomes.Limited;
            Go(entry, WithStep(walker, new WalkStep(next.Name, _engine.ElapsedMs(sentAt), outcome)), [.. refused, next]);
        });
    }

    /// <summary>A walker that stands here asks the origin, and goes on if it may. At the origin that costs nothing.</summary>
    private void Check(Entry entry, Walker walker, bool ended)
    {
        if (entry.Walk is { } walk)
        {
            Continue(walk.Report(walker.Number, walker.Trail, walker.Answers, 0, ended, _engine.Now));
        }
        else
        {
            Ask(entry, new WalkCheckRequest(walker.Guid, walker.Number, 0, ended, walker.Answers, walker.Trail), Continue);
        }

        void Continue(bool onward)
        {
            if (onward && !ended)
            {
                Go(entry, walker with { Answers = 0, Trail = [] }, []);
            }
        }
    }

    /// <summary>A node that gets no answer knows that its own neighbour is lost: the calls further up have given up before.</summary>
    private void Ask(Entry entry, WalkCheckRequest check, Action<bool> done)
    {
        var sentAt = _engine.Now;
        var patience = _parameters.StepTimeout / 2 * (entry.Depth + 1);
        _engine.Call(entry.Arrival!, check, patience < _parameters.TimeMax ? patience : _parameters.TimeMax, reply =>
        {
            if (reply is null)
            {
                _port.Unreachable(entry.Arrival!, sentAt);
            }

            done(reply?.Continue ?? false);
        });
    }

    private void SendHit(NodeRef to, QueryHitRequest hit) => _engine.Call(to, hit, _parameters.StepTimeout / 2, _ => { });

    private HopMark Mark(DescriptorId guid, int index, NodeRef from, NodeRef to) =>
        new(_port.Technique, guid.ToString(), index + _port.FirstHopIndex, from.Name, to.Name);

    /// <summary>A walker at a node.</summary>
    private sealed record Walker(
        DescriptorId Guid, int Number, int Ttl, int Hops, string Query, int Limit, NodeRef? Arrival, int Answers,
        IReadOnlyList<WalkStep> Trail);

    /// <summary>What a node remembers of a walk: the way back and its length (null and 0 at the origin), and at the origin the walk.</summary>
    private sealed record Entry(NodeRef? Arrival, int Depth, Walk? Walk);
}
