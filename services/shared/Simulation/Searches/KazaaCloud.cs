using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Simulation.Searches;

/// <summary>Group leaders and their children around BOOT.</summary>
internal sealed class KazaaCloud : OverlayCloud
{
    private const int ChildrenOfALeader = 32;

    private readonly KazaaParameters _parameters;
    private readonly List<string> _leaders;
    private readonly Dictionary<string, string> _leaderOf = new(StringComparer.Ordinal);
    private List<int> _index = [];
    private OverlayGraph? _graph;

    public KazaaCloud(LookupExperiment experiment, SplitMix64 random)
        : base(experiment, random)
    {
        var defaults = new KazaaParameters();
        var leaders = experiment.Leaders ?? Math.Max(1, (experiment.Nodes + ChildrenOfALeader - 1) / ChildrenOfALeader);
        _leaders = [.. Enumerable.Range(0, leaders).Select(AppIds.Supernode)];
        _parameters = defaults with
        {
            Ttl = experiment.Ttl ?? defaults.Ttl,
            Degree = experiment.Degree ?? Math.Max(2, (int)Math.Round(Math.Sqrt(leaders))),
            ChildrenMax = Math.Max(defaults.ChildrenMax, 2 * experiment.Nodes / leaders),
        };
    }

    /// <inheritdoc/>
    public override int Servers => _leaders.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Entries => [.. Peers.Select(_ => 1)];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Index => [.. _index, .. Peers.Select(_ => 0)];

    /// <inheritdoc/>
    public override OverlayGraph? Graph => _graph;

    /// <inheritdoc/>
    public override void Observe()
    {
        var statuses = _leaders.ToDictionary(
            leader => leader, leader => Network.Ask(leader, new KazaaLeaderStatusCommand()), StringComparer.Ordinal);
        _index = [.. statuses.Values.Select(status => status.Postings)];
        _graph = OverlayGraph.Of(statuses.ToDictionary(entry => entry.Key, entry => entry.Value.Links, StringComparer.Ordinal), Dead);
        foreach (var (leader, status) in statuses)
        {
            foreach (var child in status.Children)
            {
                _leaderOf[child] = leader;
            }
        }
    }

    /// <summary>See <see cref="FloodLaw.ExpectChild"/>; a child whose leader is dead gets nothing for its one message.</summary>
    public override Expectation Expect(string origin, IReadOnlyCollection<string> holders) => Dead.Contains(_leaderOf[origin])
        ? new Expectation(1, null, 0, 0)
        : FloodLaw.ExpectChild(_graph!, _leaderOf[origin], [.. holders.Select(holder => _leaderOf[holder])], _parameters.Ttl);

    /// <inheritdoc/>
    public override int? HopsTo(string holder, SearchResult result) =>
        _leaderOf.TryGetValue(holder, out var leader) ? HopTree.DistanceTo(result.Hops, leader) : null;

    /// <inheritdoc/>
    protected override void StartServers()
    {
        StartBoot();
        foreach (var leader in _leaders)
        {
            Network.Add(new KazaaLeader(new NodeRef(leader), NextRandom(), Boot, _parameters));
        }
    }

    /// <inheritdoc/>
    protected override Engine NewPeer(string app, IRandom random) => new KazaaChild(new NodeRef(app), random, Boot, _parameters);

    /// <inheritdoc/>
    protected override IEngineStatus StatusOf(string peer) => Network.Ask(peer, new KazaaChildStatusCommand());

    /// <inheritdoc/>
    protected override IEnumerable<string> Mortals() => _leaders;
}
