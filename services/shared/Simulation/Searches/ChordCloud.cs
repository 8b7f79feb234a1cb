using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Searches;

/// <summary>A Chord ring with one virtual node a peer, placed in its ideal state, around BOOT.</summary>
internal sealed class ChordCloud : OverlayCloud
{
    private const int IdsRemembered = 10_000_000;

    private readonly RingSpace _space = new(128);
    private readonly ChordParameters _parameters;
    private readonly Dictionary<string, ChordNode> _nodes = new(StringComparer.Ordinal);
    private List<int> _entries = [];
    private List<int> _index = [];

    public ChordCloud(LookupExperiment experiment, SplitMix64 random)
        : base(experiment, random)
    {
        var isPaper = experiment.Base == 2 && experiment.Routing is Routing.Fingers;
        var defaults = new ChordParameters();
        _parameters = defaults with
        {
            FingerBase = experiment.Base,
            Routing = experiment.Routing,
            OwnerCacheSize = isPaper ? 0 : defaults.OwnerCacheSize,
            RoutesBySuccessors = !isPaper || experiment.Fail > 0 || experiment.Churn > 0,
            GuessesOwners = !isPaper,
            IdOf = _space.RememberingIdOf(IdsRemembered),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Entries => _entries;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Index => _index;

    /// <inheritdoc/>
    public override void Observe()
    {
        var nodes = Peers.Select(peer => _nodes[NodeOf(peer)]).ToList();
        _entries = [.. nodes.Select(node => node.RoutingEntries())];
        var states = Peers.Select(peer => Network.Ask(NodeOf(peer), new ChordStatusCommand()).State);
        _index = [.. states.Select(state => state.Keys + state.Replicas)];
    }

    /// <summary>
    /// h = ((b - 1) / b) log_b N forwards to the key's predecessor and one to the owner: recursive h + 2 messages with the answer, iterative 2 (h + 1); with full
    /// routing h = 0 (protocols.md, section 9). A key whose owner and all replicas are dead is lost: p^k.
    /// </summary>
    public override Expectation Expect(string origin, IReadOnlyCollection<string> holders)
    {
        var b = (double)Experiment.Base;
        var forwards = Experiment.Routing is Routing.Full ? 0 : (b - 1) / b * Math.Log(Experiment.Nodes, b);
        var hops = forwards + 1;
        var messages = Experiment.Mode is LookupMode.Iterative ? 2 * hops : hops + 1;
        var kept = 1 - Math.Pow(Experiment.Fail, _parameters.Replication);
        return new Expectation(messages * Experiment.Words, hops * Experiment.Words, kept, kept);
    }

    /// <inheritdoc/>
    public override int? HopsTo(string holder, SearchResult result) =>
        HopTree.All(result.Hops).Count(hop => hop is { Outcome: null, Local: false });

    /// <inheritdoc/>
    protected override string NodeOf(string peer) => new NodeRef(peer, 0).Name;

    /// <inheritdoc/>
    protected override void StartServers() => StartBoot();

    /// <inheritdoc/>
    protected override void StartPeers()
    {
        for (var number = 0; number < Experiment.Nodes; number++)
        {
            StartPeer();
        }

        var ideal = new IdealRing(_space, _nodes.Values.Select(node => node.Self));
        for (var position = 0; position < ideal.Members.Count; position++)
        {
            _nodes[ideal.At(position).Node.Name].Place(
                ideal.At(position - 1),
                ideal.SuccessorsOf(position, _parameters.SuccessorListLength),
                ideal.FingersOf(position, _parameters.FingerBase),
                ideal.Members);
        }
    }

    /// <inheritdoc/>
    protected override IEngineStatus StatusOf(string peer) => Network.Ask(NodeOf(peer), new ChordStatusCommand());

    /// <inheritdoc/>
    protected override Engine NewPeer(string app, IRandom random)
    {
        var node = new ChordNode(new NodeRef(app, 0), random, Boot, _parameters, []);
        _nodes[node.Self.Name] = node;
        return node;
    }
}
