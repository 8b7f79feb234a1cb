using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Kazaa;

/// <summary>Group leaders, their children, and BOOT.</summary>
internal sealed class KazaaCloud : SearchCloud
{
    private readonly KazaaParameters _parameters;
    private readonly KazaaParameters _leaderParameters;
    private readonly FloodWatch _watch;
    private readonly bool _keepsDead;

    public KazaaCloud(ulong seed, NetworkModel model, Scenario scenario, Action<string, string> fail)
        : base(seed, model)
    {
        var random = NextRandom();
        ServersWanted = Math.Max(3, (int)Math.Sqrt(scenario.Nodes));
        _keepsDead = scenario.Defect is Defect.KeepsDeadChildren;
        _parameters = new KazaaParameters
        {
            ChildLease = Lease,
            ChildrenMax = Math.Max(8, scenario.Nodes / 2),
            Degree = 3 + random.NextBelow(3),
            Ttl = ServersWanted > 12 ? 12 : ServersWanted,
        };
        _leaderParameters = _keepsDead ? _parameters with { ChildLease = TimeSpan.FromDays(1) } : _parameters;
        _watch = new FloodWatch(() => Timeline.Now, firstHopIndex: 1, fail);
        Network.Sending = _watch.OnSending;
        Network.Observing = _watch.OnEffect;
    }

    public override int ServersWanted { get; }

    public override bool ServersLeave => true;

    /// <summary>
    /// The child's call to its leader, which takes as long as a flood of one step more; the wait for another leader when that one does not
    /// answer; and the same call to it.
    /// </summary>
    public override TimeSpan SearchDeadline => (_parameters.Flood.StepTimeout * (_parameters.Ttl + 2) * 2) + _parameters.SearchPatience;

    public override TimeSpan Staleness => Lease + SearchDeadline;

    public override bool IsExactWhenCalm => true;

    /// <summary>As in Gnutella for the leaders; then children attach again, and an index forgets those who are elsewhere now with their lease.</summary>
    public override TimeSpan SettlesWithin => TimeSpan.FromMinutes(5);

    private int DegreeLimit => (_parameters.Links with { Degree = _parameters.Degree }).DegreeLimit;

    public override IEnumerable<Misfit> Unsettled()
    {
        var misfits = new List<Misfit>();
        var graph = new Graph();
        var leadersOf = Peers.ToDictionary(peer => peer.Name, _ => new List<string>());
        var postings = 0;
        foreach (var leader in Servers.ToList())
        {
            var status = Network.Ask(leader.Name, new KazaaLeaderStatusCommand());
            graph.Add(leader.Name, status.Links.Select(link => link.Name));
            postings += status.Postings;
            misfits.AddRange(status.Pending is { } pending ? [new Misfit(leader.Name, pending)] : []);
            foreach (var child in status.Children)
            {
                if (leadersOf.TryGetValue(child, out var leaders))
                {
                    leaders.Add(leader.Name);
                }
                else
                {
                    misfits.Add(new Misfit(leader.Name, $"has a child {child}, which does not run"));
                }
            }
        }

        misfits.AddRange(leadersOf.SelectMany(entry => CheckChild(entry.Key, entry.Value)));
        var shared = Peers.Sum(peer => peer.Files.Count);
        misfits.AddRange(postings == shared ? [] : [new Misfit(null, $"the leaders have {postings} postings of {shared} files")]);
        misfits.AddRange(graph.Misfits(_parameters.Degree, DegreeLimit));
        misfits.AddRange(CheckSample(OverlayNames.KazaaLeaders, Servers.Select(leader => leader.Name)));
        return misfits;
    }

    protected override void OnStart(SearchPeer node)
    {
        _watch.Started(node.Name);
        if (_keepsDead && node.IsServer)
        {
            Network.SetTampering(
                node.Name, reply => reply is AttachReply attach ? attach with { LeaseMs = (int)Lease.TotalMilliseconds } : reply);
        }
    }

    protected override Engine CreatePeer(int number) =>
        new KazaaChild(new NodeRef(AppIds.Peer(number)), NextRandom(), BootParameters, _parameters);

    protected override Engine CreateServer(int number) =>
        new KazaaLeader(new NodeRef(AppIds.Supernode(number)), NextRandom(), BootParameters, _leaderParameters);

    private IEnumerable<Misfit> CheckChild(string name, List<string> leaders)
    {
        var status = Network.Ask(name, new KazaaChildStatusCommand());
        if (status.Pending is { } pending)
        {
            yield return new Misfit(name, pending);
        }
        else if (leaders.Count != 1 || leaders[0] != status.Leader?.Name)
        {
            yield return new Misfit(name, $"is in the index of {(leaders.Count == 0 ? "nobody" : string.Join(" and ", leaders))}; its leader is {status.Leader}");
        }

        if (status.KnownLeaders > _parameters.LeadersMax)
        {
            yield return new Misfit(name, $"remembers {status.KnownLeaders} leaders, not {_parameters.LeadersMax} at most");
        }
    }
}
