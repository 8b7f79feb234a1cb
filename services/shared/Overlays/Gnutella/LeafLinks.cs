using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>
/// The links of a leaf: to a few ultrapeers, each of which has the table of its keywords. It is not registered with BOOT, so that nobody
/// joins through it; it finds ultrapeers in its pong cache, and asks BOOT after that.
/// </summary>
internal sealed class LeafLinks : IServentLinks
{
    private const double Jitter = 0.2;

    private readonly Engine _engine;
    private readonly INeighbourPort _port;
    private readonly BootSession _boot;
    private readonly NeighbourhoodParameters _times;
    private readonly LeafParameters _parameters;
    private readonly Func<QrpTable> _table;
    private readonly PongCache _cache;
    private readonly Candidates _candidates;
    private readonly SortedDictionary<string, Ultrapeer> _ultrapeers = new(StringComparer.Ordinal);
    private string? _connecting;
    private bool _bootAsked;
    private bool _left;

    /// <summary>No links yet.</summary>
    /// <param name="engine">Whose calls and timers are used.</param>
    /// <param name="port">Connect, ping, bye.</param>
    /// <param name="boot">How to deal with BOOT.</param>
    /// <param name="times">Times and bounds.</param>
    /// <param name="parameters">Bounds of a leaf.</param>
    /// <param name="table">The table of what is shared now.</param>
    public LeafLinks(
        Engine engine, INeighbourPort port, BootParameters boot, NeighbourhoodParameters times, LeafParameters parameters, Func<QrpTable> table)
    {
        _engine = engine;
        _port = port;
        _boot = new BootSession(engine, OverlayNames.Gnutella, engine.Self, boot);
        _times = times;
        _parameters = parameters;
        _table = table;
        _cache = new PongCache(times.KnownMax, times.KnownAge);
        _candidates = new Candidates(times.TriedMax, knownMax: 0);
    }

    public IReadOnlyList<NodeRef> Nodes => [.. _ultrapeers.Values.Select(ultrapeer => ultrapeer.Node)];

    public int KnownCount => _cache.Count;

    public bool IsMember => _ultrapeers.Count > 0 && !_left;

    public string? Pending => _left ? "left the overlay" : _ultrapeers.Count == 0 ? "looking for an ultrapeer" : null;

    public void Start()
    {
        Search();
        PingLater();
    }

    /// <summary>A leaf takes nobody, and names its ultrapeers.</summary>
    public ConnectAnswer Accept(NodeRef caller, int degree) => new(false, Nodes);

    public bool IsLinkedWith(NodeRef node) => _ultrapeers.ContainsKey(node.Name);

    public bool IsLinkedSince(NodeRef node, DateTimeOffset time) =>
        _ultrapeers.TryGetValue(node.Name, out var ultrapeer) && ultrapeer.Since > time;

    public IReadOnlyList<LiveNode> Pong(NodeRef neighbour) => [];

    public void Learn(IEnumerable<LiveNode> nodes)
    {
        foreach (var live in nodes.Take(_times.PongMax).Where(live => live.Node != _engine.Self))
        {
            _cache.Add(live.Node, _engine.Now - live.Age, _engine.Now);
        }
    }

    public void Drop(NodeRef node)
    {
        _cache.Forget(node);
        if (_ultrapeers.Remove(node.Name) && !_left)
        {
            _engine.After(_engine.Random.NextAround(_times.RepairDelay, Jitter), Search);
        }
    }

    public void Leave(Action done)
    {
        _left = true;
        var pending = _ultrapeers.Count + 1;
        foreach (var node in Nodes)
        {
            _port.Bye(node, _times.CallTimeout, Ended);
        }

        _ultrapeers.Clear();
        Ended();

        void Ended()
        {
            if (--pending == 0)
            {
                done();
            }
        }
    }

    public void FilesChanged()
    {
        foreach (var ultrapeer in _ultrapeers.Values.ToList())
        {
            ultrapeer.Stale = true;
            Update(ultrapeer);
        }
    }

    private void Search()
    {
        if (!_left && _connecting is null && _ultrapeers.Count < _parameters.UltrapeersMax)
        {
            _bootAsked = false;
            _candidates.Restart(_cache.Sample(_engine.Random, _times.Contacts, _times.KnownAge, _engine.Now).Select(live => live.Node));
            Advance();
        }
    }

    private void Advance()
    {
        while (!_left && _ultrapeers.Count < _parameters.UltrapeersMax && _candidates.TryNext(out var node))
        {
            if (node != _engine.Self && !IsLinkedWith(node))
            {
                Connect(node);
                return;
            }
        }

        if (!_left && !_bootAsked && _ultrapeers.Count < _parameters.UltrapeersMax)
        {
            _bootAsked = true;
            _boot.Sample(_times.Contacts, _ultrapeers.Keys, nodes =>
            {
                _candidates.Restart(nodes);
                Advance();
            });
        }
    }

    private void Connect(NodeRef node)
    {
        _connecting = node.Name;
        _port.Connect(node, _ultrapeers.Count, _times.CallTimeout, answer =>
        {
            _connecting = null;
            if (answer is null)
            {
                _cache.Forget(node);
            }
            else if (answer.Accepted && _left)
            {
                _port.Bye(node, _times.CallTimeout, () => { });
            }
            else if (answer.Accepted)
            {
                _cache.Add(node, _engine.Now, _engine.Now);
                Update(_ultrapeers[node.Name] = new Ultrapeer(node, _engine.Now));
            }
            else
            {
                _candidates.Offer(answer.Try);
            }

            Advance();
        });
    }

    /// <summary>Brings an ultrapeer's copy of the table up to date, one message at a time.</summary>
    private void Update(Ultrapeer ultrapeer)
    {
        if (ultrapeer.Sending || !ultrapeer.Stale)
        {
            return;
        }

        ultrapeer.Stale = false;
        ultrapeer.Sending = true;
        var table = _table();
        var before = ultrapeer.Sent ?? new QrpTable(_parameters.TableLength);
        var messages = new Queue<IRequest<RouteTableReply>>(table.PatchesFrom(before));
        ultrapeer.Sent = table;
        if (ultrapeer.IsNew)
        {
            ultrapeer.IsNew = false;
            Send(ultrapeer, new RouteTableReset(_parameters.TableLength, QrpTable.DefaultInfinity), messages);
        }
        else
        {
            Send(ultrapeer, messages.Dequeue(), messages);
        }
    }

    private void Send(Ultrapeer ultrapeer, IRequest<RouteTableReply> message, Queue<IRequest<RouteTableReply>> rest) =>
        _engine.Call(ultrapeer.Node, message, _times.CallTimeout, reply =>
        {
            if (!_ultrapeers.TryGetValue(ultrapeer.Node.Name, out var current) || current != ultrapeer)
            {
                return;
            }

            if (reply is not { Taken: true })
            {
                // What the other end has is not known: a new link begins with a new table.
                _port.Bye(ultrapeer.Node, _times.CallTimeout, () => { });
                Drop(ultrapeer.Node);
            }
            else if (rest.TryDequeue(out var next))
            {
                Send(ultrapeer, next, rest);
            }
            else
            {
                ultrapeer.Sending = false;
                Update(ultrapeer);
            }
        });

    private void PingLater() => _engine.After(_engine.Random.NextAround(_times.PingInterval, Jitter), () =>
    {
        if (_left)
        {
            return;
        }

        foreach (var ultrapeer in _ultrapeers.Values.ToList())
        {
            _port.Ping(ultrapeer.Node, _times.CallTimeout, linked =>
            {
                ultrapeer.Misses = linked is null ? ultrapeer.Misses + 1 : 0;
                if (linked is false || ultrapeer.Misses >= _times.MissesMax)
                {
                    Drop(ultrapeer.Node);
                }
            });
        }

        Search();
        PingLater();
    });

    private sealed class Ultrapeer(NodeRef node, DateTimeOffset since)
    {
        public NodeRef Node { get; } = node;

        public DateTimeOffset Since { get; } = since;

        public bool IsNew { get; set; } = true;

        public bool Sending { get; set; }

        public bool Stale { get; set; } = true;

        public QrpTable? Sent { get; set; }

        public int Misses { get; set; }
    }
}
