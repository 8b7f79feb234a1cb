using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Searches;

/// <summary>The nodes of one technique on a simulated network, with their files.</summary>
internal abstract class OverlayCloud
{
    /// <summary>Every message takes this time, so that distances on the graph are distances in time.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <summary>Of BOOT and of the directory, as in a running cloud.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const int ResultsMax = 100;

    private static readonly TimeSpan FormLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(5);

    private readonly List<string> _peers = [];
    private readonly SplitMix64 _random;
    private int _lastPeer;

    protected OverlayCloud(LookupExperiment experiment, SplitMix64 random)
    {
        Experiment = experiment;
        _random = random;
        Network = new SimulatedNetwork(
            random.NextBits(), new NetworkModel { Latency = new ConstantLatency(Delay), DeadNodesAnswer = false });
        Traffic = new Traffic(Network, LookupMessages.Contains, LookupMessages.CountsReply);
    }

    /// <summary>What is simulated.</summary>
    public LookupExperiment Experiment { get; }

    /// <summary>Where the nodes are.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>What they send.</summary>
    public Traffic Traffic { get; }

    /// <summary>App-ids of the peers that run, in the order in which they came.</summary>
    public IReadOnlyList<string> Peers => _peers;

    /// <summary>Directory, group leaders: nodes that are no peers and hold state for the technique; BOOT is not one of them.</summary>
    public virtual int Servers => 0;

    /// <summary>Nodes that have failed.</summary>
    protected HashSet<string> Dead { get; } = new(StringComparer.Ordinal);

    /// <summary>The cloud of an experiment's technique.</summary>
    public static OverlayCloud Of(LookupExperiment experiment, SplitMix64 random) => experiment.Technique switch
    {
        Techniques.Napster => new NapsterCloud(experiment, random),
        Techniques.Gnutella => new GnutellaCloud(experiment, random),
        Techniques.Kazaa => new KazaaCloud(experiment, random),
        _ => new ChordCloud(experiment, random),
    };

    /// <summary>Starts all nodes and runs until nothing is missing.</summary>
    /// <exception cref="TimeoutException">Something was missing for ten minutes of virtual time.</exception>
    public void Form(CancellationToken cancellationToken)
    {
        StartServers();
        StartPeers();
        BecomeReady(cancellationToken);
    }

    /// <summary>Runs until no node misses anything.</summary>
    /// <exception cref="TimeoutException">Something was missing for ten minutes of virtual time.</exception>
    public void BecomeReady(CancellationToken cancellationToken)
    {
        var end = Network.Now + FormLimit;
        var waiting = new Queue<string>(_peers);
        while (waiting.TryPeek(out var peer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (StatusOf(peer).Pending is not { } pending)
            {
                waiting.Dequeue();
            }
            else if (Network.Now >= end)
            {
                throw new TimeoutException($"{peer} is not ready: {pending}");
            }
            else
            {
                Network.Run(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Starts one more peer, which joins.</summary>
    /// <returns>Its app-id.</returns>
    public string StartPeer(TimeSpan delay = default)
    {
        var app = AppIds.Peer(_lastPeer++);
        Network.Add(NewPeer(app, NextRandom()), delay);
        _peers.Add(app);
        return app;
    }

    /// <summary>A peer leaves gracefully; no lookups start there any more.</summary>
    public void Leave(string peer)
    {
        _peers.Remove(peer);
        Network.Post(NodeOf(peer), new LeaveCommand(), _ => Network.Kill(NodeOf(peer)));
    }

    /// <summary>Each peer and each other node of the technique that can be lost dies with a probability; one peer at least goes on.</summary>
    public void Fail(double probability, SplitMix64 random)
    {
        foreach (var node in Mortals().Concat(_peers.Select(NodeOf)).ToList())
        {
            if (random.NextUnit() < probability && (_peers.Count > 1 || NodeOf(_peers[0]) != node))
            {
                Network.Kill(node);
                Dead.Add(node);
                _peers.RemoveAll(peer => NodeOf(peer) == node);
            }
        }
    }

    /// <summary>Searches from a peer.</summary>
    public void Search(string peer, string query, Action<SearchResult> done) =>
        Network.Post(NodeOf(peer), new SearchCommand(query, ResultsMax, Experiment.Mode), done);

    /// <summary>A peer shares files, besides what it shares already.</summary>
    public void Share(string peer, IReadOnlyList<SharedFile> files, Action done) =>
        Network.Post(NodeOf(peer), new ShareCommand(files), _ => done());

    /// <summary>Takes note of links and of what each node holds, for the laws.</summary>
    public abstract void Observe();

    /// <summary>Links among servents or group leaders, at <see cref="Observe"/>; null where there is no flood.</summary>
    public virtual OverlayGraph? Graph => null;

    /// <summary>Routing entries of each peer, at <see cref="Observe"/>.</summary>
    public abstract IReadOnlyList<int> Entries { get; }

    /// <summary>Postings that each node holds for others, servers included, at <see cref="Observe"/>.</summary>
    public abstract IReadOnlyList<int> Index { get; }

    /// <summary>What the law says about a search.</summary>
    /// <param name="origin">Where it starts.</param>
    /// <param name="holders">Living peers that have the file.</param>
    public abstract Expectation Expect(string origin, IReadOnlyCollection<string> holders);

    /// <summary>Remote steps from the origin of a search to the node that knew of a holder; null when they do not follow from the answer.</summary>
    public abstract int? HopsTo(string holder, SearchResult result);

    /// <summary>The node of a peer that shares and searches.</summary>
    protected virtual string NodeOf(string peer) => peer;

    /// <summary>What a peer says of itself.</summary>
    protected abstract IEngineStatus StatusOf(string peer);

    /// <summary>The engine of a peer.</summary>
    protected abstract Engine NewPeer(string app, IRandom random);

    /// <summary>Starts what is there before the peers.</summary>
    protected virtual void StartServers()
    {
    }

    /// <summary>Starts the first peers.</summary>
    protected virtual void StartPeers()
    {
        for (var number = 0; number < Experiment.Nodes; number++)
        {
            StartPeer(JoinTime * number / Experiment.Nodes);
        }
    }

    /// <summary>Nodes that are no peers and can fail.</summary>
    protected virtual IEnumerable<string> Mortals() => [];

    /// <summary>A new source of chance.</summary>
    protected IRandom NextRandom() => new SplitMix64(_random.NextBits());

    /// <summary>How nodes deal with BOOT.</summary>
    protected static BootParameters Boot { get; } = new() { Bootstrap = new NodeRef(AppIds.Bootstrap), Incarnation = 1 };

    /// <summary>Starts BOOT.</summary>
    protected void StartBoot() => Network.Add(new BootServer(Boot.Bootstrap, NextRandom(), Lease));

}

/// <summary>What a law of protocols.md, section 9, says about one search; null where it says nothing.</summary>
/// <param name="Messages">Lookup messages.</param>
/// <param name="Hops">Remote steps to the first node that knows of a holder.</param>
/// <param name="Recall">Share of the living holders that is found.</param>
/// <param name="Success">Probability that one is found.</param>
internal readonly record struct Expectation(double? Messages, double? Hops, double? Recall, double? Success);
