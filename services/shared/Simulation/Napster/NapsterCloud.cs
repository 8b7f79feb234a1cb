using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Napster;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Napster;

/// <summary>The central directory and its sessions.</summary>
internal sealed class NapsterCloud(ulong seed, NetworkModel model, Defect defect) : SearchCloud(seed, model)
{
    private static readonly NodeRef Directory = new(AppIds.Directory);

    private readonly NapsterParameters _parameters = new() { Directory = Directory, Incarnation = 0 };

    public override string Central => Directory.Name;

    public override string CentralTitle => "the directory";

    public override int ServersWanted => 1;

    public override bool ServersLeave => false;

    public override TimeSpan SearchDeadline => _parameters.SearchTimeout;

    public override TimeSpan Staleness => Lease;

    public override bool IsExactWhenCalm => true;

    /// <summary>A login after the longest delay, and again after a call that was lost at the end of the faults; or the lease of who died then.</summary>
    public override TimeSpan SettlesWithin => TimeSpan.FromMinutes(2);

    public override IEnumerable<Misfit> Unsettled()
    {
        foreach (var peer in Peers.ToList())
        {
            if (Network.Ask(peer.Name, new NapsterStatusCommand()).Pending is { } pending)
            {
                yield return new Misfit(peer.Name, pending);
            }
        }

        HashSet<Posting> shared = [.. Peers.SelectMany(peer => peer.Files.Select(file => Posting.Of(file, peer.Name)))];
        HashSet<Posting> indexed = [.. Index()];
        foreach (var posting in indexed.Except(shared))
        {
            yield return new Misfit(Central, $"has {posting.Name} of {posting.Peer}, which does not share it");
        }

        foreach (var posting in shared.Except(indexed))
        {
            yield return new Misfit(Central, $"does not have {posting.Name} of {posting.Peer}");
        }
    }

    protected override Engine CreatePeer(int number) =>
        new NapsterSession(new NodeRef(AppIds.Peer(number)), NextRandom(), _parameters with { Incarnation = NextIncarnation() });

    protected override Engine CreateServer(int number)
    {
        if (defect is not Defect.KeepsDeadSessions)
        {
            return new NapsterServer(Directory, NextRandom(), Lease);
        }

        Network.SetTampering(Directory.Name, reply => reply is SessionReply session ? session with { LeaseMs = (int)Lease.TotalMilliseconds } : reply);
        return new NapsterServer(Directory, NextRandom(), TimeSpan.FromDays(1));
    }

    private List<Posting> Index()
    {
        var postings = new List<Posting>();
        string? after = null;
        do
        {
            var page = Ask(Directory, new ListRequest(NapsterLimits.ListPageMax, after));
            postings.AddRange(page?.Postings ?? []);
            after = page?.Next;
        }
        while (after is not null);
        return postings;
    }
}
