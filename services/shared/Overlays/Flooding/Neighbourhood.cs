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
public sealed class Neighbourhood
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
    private DateTimeOffset _nextMerge;
    private TimeSpan _joinRetry;
    private long? _repair;
    private int _wanted;
    private bool _announced;
    private bool _searching;
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
        _candidates = new Candidates(parameters.TriedMax, parameters.KnownMax);
        _wanted = parameters.Degree;
        _joinRetry = parameters.JoinRetryMin;
    }

    /// <summary>Neighbours, ordered by name.</summary>
    public IReadOnlyList<NodeRef> Nodes => _links.Nodes;

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

    /// <summary>Ends a link at this end, and looks for another.</summary>
    public void Drop(NodeRef node)
    {
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
        _boot.Joined(() => _announced = true);
        Search((_parameters.Degree + 1) / 2);
    }

    /// <summary>
    /// Looks for links up to the degree, now and then one more. Right after joining half of them is enough: each link has two ends,
    /// and others that join bring the rest.
    /// </summary>
    private void Search(int? wanted = null)
    {
        if (!IsMember || _searching)
        {
            return;
        }

        var merge = _engine.Now >= _nextMerge;
        _wanted = wanted ?? (merge ? _parameters.Degree + 1 : _parameters.Degree);
        if (_links.Nodes.Count + _connecting.Count >= _wanted)
        {
            return;
        }

        if (merge)
        {
            _nextMerge = _engine.Now + _engine.Random.NextAround(_parameters.MergeInterval, PingJitter);
        }

        _searching = true;
        _boot.Sample(_parameters.Contacts, _links.Nodes.Select(node => node.Name), Sampled);
    }

    private void Sampled(IReadOnlyList<NodeRef> nodes)
    {
        _searching = false;
        _othersKnown = nodes.Count > 0;
        _candidates.Restart(nodes.Count > 0 ? nodes : _engine.Random.Sample(_candidates.Known, _parameters.Contacts));
        Advance();
    }

    private void Advance()
    {
        while (!_left && HasRoom() && _candidates.TryNext(out var node))
        {
            if (node != _engine.Self && !IsLinkedWith(node))
            {
                Connect(node);
            }
        }

        if (!IsMember && !_left && _connecting.Count == 0)
        {
            JoinLater();
        }
    }

    /// <summary>The first link is asked of one node after the other: only who has none is accepted above the maximum.</summary>
    private bool HasRoom() => _links.Nodes.Count + _connecting.Count < (_links.Nodes.Count == 0 ? 1 : _wanted);

    private void Connect(NodeRef node)
    {
        _connecting.Add(node.Name);
        _port.Connect(node, _links.Nodes.Count, _parameters.CallTimeout, answer =>
        {
            _connecting.Remove(node.Name);
            if (answer is null)
            {
                _candidates.Forget(node);
            }
            else if (answer.Accepted)
            {
                Linked(node);
            }
            else
            {
                _candidates.Offer(answer.Try);
            }

            Advance();
        });
    }

    private void Linked(NodeRef node)
    {
        if (_left)
        {
            _port.Bye(node, _parameters.CallTimeout, () => { });
            return;
        }

        Add(node);
        if (!IsMember)
        {
            BecomeMember();
        }
    }

    private void Add(NodeRef node)
    {
        _links.Set(node);
        _candidates.Remember(node);
        _boot.Remember([node]);
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
        foreach (var node in _links.Nodes)
        {
            _port.Ping(node, _parameters.CallTimeout, linked =>
            {
                var misses = _links.Count(node, linked is not null);
                if (linked is false || misses >= _parameters.MissesMax)
                {
                    Drop(node);
                }
            });
        }
    }
}
