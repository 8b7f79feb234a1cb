using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Napster;

namespace P2PCloud.Simulation.Searches;

/// <summary>A central directory and its peers.</summary>
internal sealed class NapsterCloud(LookupExperiment experiment, SplitMix64 random) : OverlayCloud(experiment, random)
{
    private static readonly NodeRef Directory = new(AppIds.Directory);

    private int _postings;

    /// <inheritdoc/>
    public override int Servers => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Entries => [.. Peers.Select(_ => 1)];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Index => [_postings, .. Peers.Select(_ => 0)];

    /// <inheritdoc/>
    public override void Observe() => _postings = Peers.Sum(peer => Status(peer).Files);

    /// <inheritdoc/>
    public override Expectation Expect(string origin, IReadOnlyCollection<string> holders) => new(2, 1, 1, 1);

    /// <inheritdoc/>
    public override int? HopsTo(string holder, SearchResult result) => 1;

    /// <inheritdoc/>
    protected override void StartServers() => Network.Add(new NapsterServer(Directory, NextRandom(), Lease));

    /// <inheritdoc/>
    protected override Engine NewPeer(string app, IRandom random) =>
        new NapsterSession(new NodeRef(app), random, new NapsterParameters { Directory = Directory, Incarnation = 1 });

    /// <inheritdoc/>
    protected override IEngineStatus StatusOf(string peer) => Status(peer);

    private NapsterStatus Status(string peer) => Network.Ask(peer, new NapsterStatusCommand());
}
