using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Flooding;

/// <summary>
/// Joins an unstructured overlay and keeps a node's links: symmetric, pinged, replaced when lost. Part of an engine.
/// There is one component because a node is a member only once it has a link with a member: BOOT names only members, makes one node
/// the creator, and a node that is no member accepts nobody.
/// </summary>
public sealed partial class Neighbourhood
{
    private const double PingJitter = 0.2;
    private const double DelayJitter = 0.5;

    private readonly Engine _engine;
    private readonly BootSession _boot;
    private readonly NeighbourhoodParameters _parameters;
    private readonly INeighbourPort _port;
    private readonly Links _links = new();
    private readonly HashSet<string> _connecting = new(StringComparer.Ordinal);
    private readonly Candidates _candidates;
    private readonly PongCache _cache;
    private DateTimeOffset _nextMerge;
    private DateTimeOffset _nextStranger;
    private TimeSpan _joinRetry;
    private long? _repair;
    private int _wanted;
    private bool _announced;
    private bool _searching;
    private bool _fromCache;
    private bool _swaps;
    private bool _othersKnown;
    private bool _left;

    /// <summary>A node without links.</summary>
    /// <param name="engine">Whose calls and timers are used.</param>
    /// <param name="overlay">One of <see cref="OverlayNames"/>.</param>
    /// <param name="boot">How to deal with BOOT.</param>
    /// <param name="parameters">See there.</param>
    /// <param name="port">The protocol's messages.</param>
    public Neighbourhood(Engine engine, string overlay, BootParameters boot, NeighbourhoodParameters parameters, INeighbourPort port)
    {
        _engine = engine;
        _boot = new BootSession(engine, overlay, engine.Self, boot);
        _parameters = parameters;
        _port = port;
        _candidates = new Candidates(parameters.TriedMax, knownMax: 0);
        _cache = new PongCache(parameters.KnownMax, parameters.KnownAge);
        _wanted = parameters.Degree;
        _joinRetry = parameters.JoinRetryMin;
    }

    /// <summary>Neighbours, ordered by name.</summary>
    public IReadOnlyList<NodeRef> Nodes => _links.Nodes;

    /// <summary>Nodes remembered as alive.</summary>
    public int KnownCount => _cache.Count;

    /// <summary>True from the first link (for the creator: from the start) until the node leaves.</summary>
    public bool IsMember { get; private set; }

    /// <summary>What is missing until this node is in the overlay; null when nothing is.</summary>
    public string? Pending =>
        _left ? "left the overlay"
        : !_announced ? "looking for a member to join through"
        : _links.Nodes.Count == 0 && _othersKnown ? "has no link"
        : null;

    /// <summary>Begins to join.</summary>
    public void Start()
    {
        Join();
        PingLater();
    }

    /// <summary>Decides on another node's wish for a link.</summary>
    /// <param name="caller">That node.</param>
    /// <param name="degree">Links it has.</param>
    public ConnectAnswer Accept(NodeRef caller, int degree)
    {
        if (!IsMember || caller == _engine.Self)
        {
            return new ConnectAnswer(false, []);
        }

        var others = _engine.Random.Sample(_links.Nodes.Where(node => node != caller), _parameters.TryMax);
        var taken = _links.Nodes.Select(node => node.Name).Union(_connecting).Count(name => name != caller.Name);
        if (taken >= (degree == 0 ? _parameters.DegreeLimit : _parameters.DegreeMax) && !_links.Contains(caller))
        {
            return new ConnectAnswer(false, others);
        }

        Add(caller);
        return new ConnectAnswer(true, others);
    }

    /// <summary>Whether there is a link with this node, or this node is asking for one right now.</summary>
    public bool IsLinkedWith(NodeRef node) => _links.Contains(node) || _connecting.Contains(node.Name);

    /// <summary>Whether there is a link that was made, or made anew by the node's next life, after a time.</summary>
    public bool IsLinkedSince(NodeRef node, DateTimeOffset time) => _links.ContainsSince(node, time);

    /// <summary>Nodes alive lately, for a pong to this neighbour: itself and this node are not among them.</summary>
    public IReadOnlyList<LiveNode> Pong(NodeRef neighbour) =>
    [
        .. _cache.Sample(_engine.Random, _parameters.PongMax + 1, _parameters.PongAge, _engine.Now)
            .Where(live => live.Node != neighbour).Take(_parameters.PongMax),
    ];

    /// <summary>Remembers what a pong named.</summary>
    public void Learn(IEnumerable<LiveNode> nodes)
    {
        foreach (var live in nodes.Take(_parameters.PongMax))
        {
            Remember(live.Node, live.Age);
        }
    }

    /// <summary>Ends a link at this end, and looks for another.</summary>
    public void Drop(NodeRef node)
    {
        _cache.Forget(node);
        if (_links.Remove(node) && !_left)
        {
            _repair ??= _engine.After(_engine.Random.NextAround(_parameters.RepairDelay, DelayJitter), () =>
            {
                _repair = null;
                Search();
            });
        }
    }

    /// <summary>Leaves: the lease ends and the neighbours are told. Calls back when all have answered or have not in time.</summary>
    public void Leave(Action done)
    {
        _left = true;
        IsMember = false;
        var pending = _links.Nodes.Count + 1;
        Action ended = () =>
        {
            if (--pending == 0)
            {
                done();
            }
        };
        foreach (var node in _links.Nodes)
        {
            _port.Bye(node, _parameters.CallTimeout, ended);
        }

        _links.Clear();
        _boot.Leave(ended);
    }

    private void Join()
    {
        if (!_left)
        {
            _boot.Join(_parameters.Contacts, Joining);
        }
    }

    private void Joining(RegisterReply reply)
    {
        if (IsMember || _left)
        {
            return;
        }

        if (reply.Creator)
        {
            BecomeMember();
            return;
        }

        RememberAll(reply.Contacts);
        _candidates.Restart(reply.Contacts);
        Advance();
    }

    private void JoinLater()
    {
        _engine.After(_engine.Random.NextAround(_joinRetry, DelayJitter), Join);
        _joinRetry = _joinRetry * 2 < _parameters.JoinRetryMax ? _joinRetry * 2 : _parameters.JoinRetryMax;
    }

    private void BecomeMember()
    {
        IsMember = true;
        _nextMerge = _engine.Now + _engine.Random.NextAround(_parameters.MergeInterval, PingJitter);
        _nextStranger = _engine.Now + _engine.Random.NextAround(_parameters.StrangerInterval, PingJitter);
        _boot.Joined(() => _announced = true);
        Search((_parameters.Degree + 1) / 2);
    }

    private void PingLater() => _engine.After(_engine.Random.NextAround(_parameters.PingInterval, PingJitter), () =>
    {
        if (!_left)
        {
            PingAll();
            Search();
            PingLater();
        }
    });

    private void PingAll()
    {
        var sentAt = _engine.Now;
        foreach (var node in _links.Nodes)
        {
            _port.Ping(node, _parameters.CallTimeout, linked =>
            {
                if (_links.ContainsSince(node, sentAt))
                {
                    return;
                }

                var misses = _links.Count(node, linked is not null);
                if (linked is not null)
                {
                    Remember(node, TimeSpan.Zero);
                }

                if (linked is false || misses >= _parameters.MissesMax)
                {
                    Drop(node);
                }
            });
        }
    }
}
