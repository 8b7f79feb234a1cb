using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;

namespace P2PCloud.Simulation.Searches;

/// <summary>Servents around BOOT.</summary>
internal sealed class GnutellaCloud : OverlayCloud
{
    private readonly GnutellaParameters _parameters;
    private List<int> _entries = [];
    private OverlayGraph? _graph;

    public GnutellaCloud(LookupExperiment experiment, SplitMix64 random)
        : base(experiment, random)
    {
        var defaults = new GnutellaParameters();
        _parameters = defaults with { Ttl = experiment.Ttl ?? defaults.Ttl, Degree = experiment.Degree ?? defaults.Degree };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Entries => _entries;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Index => [.. Peers.Select(_ => 0)];

    /// <inheritdoc/>
    public override OverlayGraph? Graph => _graph;

    /// <inheritdoc/>
    public override void Observe()
    {
        var links = Peers.ToDictionary(peer => peer, peer => Status(peer).Links, StringComparer.Ordinal);
        _entries = [.. links.Values.Select(list => list.Count)];
        _graph = OverlayGraph.Of(links, Dead);
    }

    /// <inheritdoc/>
    public override Expectation Expect(string origin, IReadOnlyCollection<string> holders) => Experiment.Mode switch
    {
        LookupMode.ExpandingRing => FloodLaw.ExpectRings(
            _graph!, origin, holders, _parameters.Rings.Where(ttl => ttl < _parameters.Ttl).Append(_parameters.Ttl)),
        LookupMode.RandomWalk => ExpectWalks(holders.Count),
        _ => FloodLaw.Expect(_graph!, origin, holders, _parameters.Ttl),
    };

    /// <inheritdoc/>
    public override int? HopsTo(string holder, SearchResult result) => HopTree.DistanceTo(result.Hops, holder);

    /// <inheritdoc/>
    protected override void StartServers() => StartBoot();

    /// <inheritdoc/>
    protected override Engine NewPeer(string app, IRandom random) => new GnutellaServent(new NodeRef(app), random, Boot, _parameters);

    /// <inheritdoc/>
    protected override IEngineStatus StatusOf(string peer) => Status(peer);

    /// <summary>1.2 / rho steps, a check for every c-th of them, and up to k c steps too many; 1 / (k rho) of them by each walker.</summary>
    private Expectation ExpectWalks(int holders)
    {
        var rho = (double)holders / Peers.Count;
        var (walkers, checkEvery) = ((double)_parameters.Walks.Walkers, (double)_parameters.Walks.CheckEvery);
        return new Expectation((1.2 / rho * (1 + (1 / checkEvery))) + (walkers * checkEvery), 1 / (walkers * rho), null, null);
    }

    private GnutellaStatus Status(string peer) => Network.Ask(peer, new GnutellaStatusCommand());
}
