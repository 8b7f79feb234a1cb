using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Gnutella;

/// <summary>Servents, and BOOT.</summary>
internal sealed class GnutellaCloud : SearchCloud
{
    private readonly GnutellaParameters _parameters;
    private readonly FloodWatch _watch;
    private readonly Defect _defect;
    private Graph _settled = new();
    private bool _isStatic;

    public GnutellaCloud(ulong seed, NetworkModel model, Defect defect, Action<string, string> fail)
        : base(seed, model)
    {
        var random = NextRandom();
        _defect = defect;
        var standard = new GnutellaParameters();
        _parameters = standard with
        {
            Ttl = 12 + random.NextBelow(8),
            Degree = 3 + random.NextBelow(3),
            Flood = defect is Defect.ForgetsDescriptors ? standard.Flood with { SeenMax = 1 } : standard.Flood,
        };
        _watch = new FloodWatch(() => Timeline.Now, firstHopIndex: 0, fail);
        Network.Sending = (from, to, body) =>
        {
            _isStatic &= body is not (ConnectRequest or ByeRequest);
            _watch.OnSending(from, to, body);
        };
        Network.Observing = _watch.OnEffect;
    }

    public override int ServersWanted => 0;

    public override bool ServersLeave => false;

    public override TimeSpan SearchDeadline => _parameters.Flood.StepTimeout * (_parameters.Ttl + 1);

    /// <summary>A hit may be under way as long as its search.</summary>
    public override TimeSpan Staleness => SearchDeadline;

    public override bool IsExactWhenCalm => false;

    /// <summary>Missed pings, links made again, and after a partition the time in which islands grow together.</summary>
    public override TimeSpan SettlesWithin => TimeSpan.FromMinutes(5);

    private int DegreeLimit => (_parameters.Links with { Degree = _parameters.Degree }).DegreeLimit;

    public override IEnumerable<Misfit> Unsettled()
    {
        var graph = Look(out var misfits);
        misfits.AddRange(graph.Misfits(_parameters.Degree, DegreeLimit));
        misfits.AddRange(CheckSample(OverlayNames.Gnutella, Peers.Select(peer => peer.Name)));
        return misfits;
    }

    public override void BeforeJudgement()
    {
        _isStatic = true;
        _settled = Look(out _);
        _isStatic &= !_settled.Misfits(0, int.MaxValue).Any();
    }

    public override IEnumerable<Misfit> Judge(SearchPeer asker, SearchResult result)
    {
        // Only a flood on links that did not change, and not stopped by its TTL, has an exact cost.
        if (_watch.Find(result.LookupId) is not { } trace || !_isStatic || !Look(out _).IsSame(_settled) || trace.Depth >= trace.Ttl)
        {
            yield break;
        }

        if (trace.Queries != _settled.FloodMessages || trace.Reached != _settled.Nodes - 1)
        {
            yield return new Misfit(
                asker.Name,
                $"sent {trace.Queries} queries to reach {trace.Reached} nodes, not 2E - N + 1 = {_settled.FloodMessages} to reach {_settled.Nodes - 1}");
        }

        if (result.Messages != trace.Queries + trace.Hits)
        {
            yield return new Misfit(asker.Name, $"counts {result.Messages} messages where {trace.Queries + trace.Hits} were sent");
        }
    }

    protected override void OnStart(SearchPeer node)
    {
        _watch.Started(node.Name);
        if (_defect is Defect.AcknowledgesEveryLink)
        {
            Network.SetTampering(node.Name, reply => reply is PongReply pong ? pong with { Linked = true } : reply);
        }
    }

    protected override Engine CreatePeer(int number) =>
        new GnutellaServent(new NodeRef(AppIds.Peer(number)), NextRandom(), BootParameters, _parameters);

    protected override Engine CreateServer(int number) => throw new System.Diagnostics.UnreachableException();

    private Graph Look(out List<Misfit> misfits)
    {
        var graph = new Graph();
        misfits = [];
        foreach (var peer in Peers.ToList())
        {
            var status = Network.Ask(peer.Name, new GnutellaStatusCommand());
            graph.Add(peer.Name, status.Links.Select(link => link.Name));
            if (status.Pending is { } pending)
            {
                misfits.Add(new Misfit(peer.Name, pending));
            }
            else if (status.Files != peer.Files.Count)
            {
                misfits.Add(new Misfit(peer.Name, $"has {status.Files} files, not {peer.Files.Count}"));
            }
        }

        return graph;
    }
}
