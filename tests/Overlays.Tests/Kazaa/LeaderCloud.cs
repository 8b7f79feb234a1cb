using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Tests.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Kazaa;

/// <summary>Group leaders and ordinary peers around a bootstrap node. Peer i shares a file named <c>song i</c>.</summary>
internal sealed class LeaderCloud
{
    private readonly Cloud _cloud;
    private readonly KazaaParameters _parameters;

    public LeaderCloud(ulong seed, int leaders, int children, KazaaParameters? parameters = null, Func<TimeSpan>? delay = null)
    {
        _cloud = new Cloud(seed);
        _parameters = parameters ?? new KazaaParameters();
        for (var i = 0; i < children; i++)
        {
            AddChild(i, delay?.Invoke() ?? default);
        }

        for (var i = 0; i < leaders; i++)
        {
            AddLeader(i, delay?.Invoke() ?? default);
        }
    }

    public SimulatedNetwork Network => _cloud.Network;

    public List<string> Leaders { get; } = [];

    public List<string> Children { get; } = [];

    public static LeaderCloud Ready(ulong seed, int leaders, int children, KazaaParameters? parameters = null)
    {
        var cloud = new LeaderCloud(seed, leaders, children, parameters);
        Assert.True(cloud.RunUntilReady(TimeSpan.FromSeconds(20)), cloud.Describe());
        cloud.Network.Run(TimeSpan.FromSeconds(5));
        return cloud;
    }

    /// <summary>Steps that hits made: from each leader with postings back to the leader of the child, along the path of the query.</summary>
    public int HitHops(SearchResult result)
    {
        var root = Assert.Single(result.Hops);
        return Depths(root.Children ?? [], 1).Sum(entry => Leader(entry.Leader).Postings > 0 ? entry.Depth : 0);
    }

    /// <summary>Each leader below some hops, and how many steps it is from the flood's origin.</summary>
    public static IEnumerable<(string Leader, int Depth)> Depths(IEnumerable<Hop> hops, int depth) =>
        hops.SelectMany(hop => Depths(hop.Children ?? [], depth + 1).Prepend((hop.To, depth)));

    public void AddLeader(int number, TimeSpan delay = default)
    {
        var self = new NodeRef(AppIds.Supernode(number));
        Leaders.Add(self.Name);
        _cloud.Add(random => new KazaaLeader(self, random, Cloud.Boot(), _parameters), delay);
    }

    /// <summary>Names of the leaders' parts of ordinary peers, when the parameters let them lead.</summary>
    public List<string> Candidates { get; } = [];

    public void AddChild(int number, TimeSpan delay = default)
    {
        var self = Cloud.Peer(number);
        Children.Add(self.Name);
        if (_parameters.Promotion is not null)
        {
            var candidate = KazaaNodes.LeaderAt(self);
            Candidates.Add(candidate.Name);
            _cloud.Add(random => new KazaaCandidate(candidate, random, Cloud.Boot(), _parameters), delay);
        }

        _cloud.Add(random => new KazaaChild(self, random, Cloud.Boot(), _parameters), delay);
        Network.Post(self.Name, new ShareCommand([Sample.File($"song {number}")]), _ => { });
    }

    /// <summary>Candidates that lead now.</summary>
    public IReadOnlyList<string> Promoted() => [.. Candidates.Where(name =>
        Network.Ask(name, new KazaaCandidateStatusCommand()).Standing is LeaderStanding.Leading)];

    public KazaaLeaderStatus? PromotedLeader(string name) => Network.Ask(name, new KazaaCandidateStatusCommand()).Leader;

    public void Kill(string name)
    {
        Network.Kill(name);
        Leaders.Remove(name);
        Children.Remove(name);
    }

    public bool RunUntilReady(TimeSpan limit)
    {
        var end = Network.Now + limit;
        while (Network.Now < end)
        {
            Network.Run(TimeSpan.FromSeconds(0.25));
            if (Children.All(name => Child(name).Pending is null) && Leaders.All(name => Leader(name).Pending is null))
            {
                return true;
            }
        }

        return false;
    }

    public KazaaChildStatus Child(string name) => Network.Ask(name, new KazaaChildStatusCommand());

    public KazaaLeaderStatus Leader(string name) => Network.Ask(name, new KazaaLeaderStatusCommand());

    public SearchResult Search(string from, string query = "song") => Network.Ask(from, new SearchCommand(query, 100));

    public string Describe() => string.Join(", ", [
        .. Children.Select(name => $"{name}: {Child(name).Pending}"),
        .. Leaders.Select(name => $"{name}: {Leader(name).Pending}"),
    ]);

    /// <summary>Each child is in the index of exactly one leader, the one it names.</summary>
    public void AssertEachChildInOneIndex()
    {
        var indexed = Leaders.SelectMany(leader => Leader(leader).Children.Select(child => (Child: child, Leader: leader))).ToList();
        Assert.Equal(Children.Order(), indexed.Select(entry => entry.Child).Order());
        Assert.All(indexed, entry => Assert.Equal(entry.Leader, Child(entry.Child).Leader?.Name));
    }
}
