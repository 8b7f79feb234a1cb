using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>What the checks of a technique find: where, and which rule does not hold.</summary>
internal readonly record struct Misfit(string? Node, string Rule);

/// <summary>BOOT and the nodes of a technique other than Chord on a simulated network.</summary>
internal abstract class SearchCloud : IScenarioCloud
{
    private readonly SortedDictionary<(bool IsServer, int Number), SearchPeer> _nodes = [];
    private readonly SplitMix64 _random;
    private int _nextPeer;
    private int _nextServer;

    protected SearchCloud(ulong seed, NetworkModel model)
    {
        _random = new SplitMix64(seed);
        Network = new SimulatedNetwork(_random.NextBits(), model);
        Timeline = new Timeline(Network);
        Network.Add(new BootServer(BootRef, NextRandom(), Lease));
        Network.Add(new Probe(NextRandom()));
    }

    /// <summary>Of BOOT, of the directory and of group leaders.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(30);

    public SimulatedNetwork Network { get; }

    public Timeline Timeline { get; }

    public virtual string Central => BootRef.Name;

    public virtual string CentralTitle => "BOOT";

    public virtual IEnumerable<string> Others => [];

    public IEnumerable<ScenarioNode> Nodes => _nodes.Values;

    /// <summary>Those that share and search, by number.</summary>
    public IEnumerable<SearchPeer> Peers => _nodes.Values.Where(node => !node.IsServer);

    /// <summary>Directory or group leaders, by number.</summary>
    public IEnumerable<SearchPeer> Servers => _nodes.Values.Where(node => node.IsServer);

    public int PeerCount => _nodes.Values.Count(node => !node.IsServer);

    /// <summary>Servers that run when nothing is wrong.</summary>
    public abstract int ServersWanted { get; }

    /// <summary>Whether servers come and go for good, or only the one that crashed comes back.</summary>
    public abstract bool ServersLeave { get; }

    /// <summary>Longest time that a search may take.</summary>
    public abstract TimeSpan SearchDeadline { get; }

    /// <summary>How long after its end a file may still be found, with no delay of messages.</summary>
    public abstract TimeSpan Staleness { get; }

    /// <summary>Whether each search finds everything while nodes only come and go gracefully.</summary>
    public abstract bool IsExactWhenCalm { get; }

    /// <summary>Whether every node ends within this time after the last fault where it belongs.</summary>
    public abstract TimeSpan SettlesWithin { get; }

    protected static NodeRef BootRef { get; } = new(AppIds.Bootstrap);

    protected BootParameters BootParameters => new() { Bootstrap = BootRef, Incarnation = NextIncarnation() };

    private long Incarnation { get; set; }

    public bool Runs(ScenarioNode node) => node is SearchPeer peer && _nodes.TryGetValue((peer.IsServer, peer.Number), out var running) && running == peer;

    public bool Runs(bool isServer, int number) => _nodes.ContainsKey((isServer, number));

    /// <summary>Starts a node that there has not been before.</summary>
    public SearchPeer StartNew(bool isServer) => Start(isServer, isServer ? _nextServer++ : _nextPeer++);

    /// <summary>Starts a node under its old name; it remembers nothing.</summary>
    public SearchPeer Start(bool isServer, int number)
    {
        var engine = isServer ? CreateServer(number) : CreatePeer(number);
        var node = new SearchPeer(number, engine, isServer, Timeline.Now);
        _nodes.Add((isServer, number), node);
        OnStart(node);
        Network.Add(engine);
        return node;
    }

    /// <summary>Ends a node without a word.</summary>
    public void Kill(SearchPeer node)
    {
        Network.Kill(node.Name);
        _nodes.Remove((node.IsServer, node.Number));
    }

    /// <summary>What does not hold now; nothing once the overlay has settled.</summary>
    public abstract IEnumerable<Misfit> Unsettled();

    /// <summary>A search that will be judged is about to begin.</summary>
    public virtual void BeforeJudgement()
    {
    }

    /// <summary>What must hold of a search that began in a settled overlay, beyond that it found everything.</summary>
    public virtual IEnumerable<Misfit> Judge(SearchPeer asker, SearchResult result) => [];

    protected abstract Engine CreatePeer(int number);

    protected abstract Engine CreateServer(int number);

    protected virtual void OnStart(SearchPeer node)
    {
    }

    protected SplitMix64 NextRandom() => new(_random.NextBits());

    protected long NextIncarnation() => ++Incarnation * 1_000_000;

    /// <summary>Asks a node as any other could; null when there is no answer.</summary>
    protected TReply? Ask<TReply>(NodeRef to, IRequest<TReply> request)
        where TReply : class, IMessage => Network.Ask("probe", new ProbeCommand<TReply>(to, request)).Reply as TReply;

    /// <summary>The names that BOOT gives to those who join are exactly these.</summary>
    protected IEnumerable<Misfit> CheckSample(string overlay, IEnumerable<string> expected)
    {
        var sample = Ask(BootRef, new SampleRequest(overlay, 10_000, []))?.Nodes.Select(node => node.Name).ToList() ?? [];
        List<string> wanted = [.. expected];
        return wanted.Except(sample).Select(name => new Misfit(name, "is a member that BOOT does not name"))
            .Concat(sample.Except(wanted).Select(name => new Misfit(name, "is named by BOOT and does not run")));
    }
}
