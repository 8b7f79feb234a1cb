using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;

namespace P2PCloud.Simulation.Techniques;

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
        LookupMode.ExpandingRing => ExpectRings(origin, holders),
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

    /// <summary>The sum of the floods up to the first that reaches a holder.</summary>
    private Expectation ExpectRings(string origin, IReadOnlyCollection<string> holders)
    {
        var messages = 0.0;
        Expectation ring = default;
        foreach (var ttl in _parameters.Rings.Where(ttl => ttl < _parameters.Ttl).Append(_parameters.Ttl))
        {
            ring = FloodLaw.Expect(_graph!, origin, holders, ttl);
            messages += ring.Messages ?? 0;
            if (ring.Success > 0)
            {
                break;
            }
        }

        return ring with { Messages = messages };
    }

    /// <summary>1.2 / rho steps, a check for every c-th of them, and up to k c steps too many; 1 / (k rho) of them by each walker.</summary>
    private Expectation ExpectWalks(int holders)
    {
        var rho = (double)holders / Peers.Count;
        var (walkers, checkEvery) = ((double)_parameters.Walks.Walkers, (double)_parameters.Walks.CheckEvery);
        return new Expectation((1.2 / rho * (1 + (1 / checkEvery))) + (walkers * checkEvery), 1 / (walkers * rho), null, null);
    }

    private GnutellaStatus Status(string peer) => Network.Ask(peer, new GnutellaStatusCommand());
}
