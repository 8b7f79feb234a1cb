using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Boot;

/// <summary>Cyclon's claims (Voulgaris et al. 2005), with c = 20 and l = 5 and BOOT stopped once the peers know some others.</summary>
public class PeerSamplingTests
{
    private const int Peers = 256;

    private static readonly PeerSamplingParameters Parameters = new();

    private readonly Cloud _cloud = new(seed: 11);
    private readonly Dictionary<string, MembershipNode> _nodes = [];

    [Fact]
    public void In_degree_stays_near_the_view_size_without_BOOT()
    {
        StartWithoutBoot(Peers);
        Periods(100);

        var degrees = InDegrees();

        Assert.InRange(degrees.Average(), Parameters.ViewSize * 0.95, Parameters.ViewSize);
        Assert.InRange(degrees.Min(), Parameters.ViewSize / 2, Parameters.ViewSize);
        Assert.InRange(degrees.Max(), Parameters.ViewSize, Parameters.ViewSize * 2);
    }

    /// <summary>
    /// Of a random graph with out-degree c the in-degree is binomial; Cyclon's is narrower (in-degree distribution there), the more so the
    /// rarer it is that a node is sent an entry which it has.
    /// </summary>
    [Fact]
    public void In_degree_spreads_less_than_that_of_a_random_graph()
    {
        const int Many = 1024;
        const double Share = 20.0 / (Many - 1);
        StartWithoutBoot(Many);
        Periods(50);

        var degrees = InDegrees();

        var mean = degrees.Average();
        Assert.InRange(degrees.Average(degree => Math.Pow(degree - mean, 2)), 0, (Many - 1) * Share * (1 - Share) / 2);
    }

    [Fact]
    public void A_view_never_holds_its_owner_a_node_twice_or_more_than_its_size()
    {
        var broken = new List<string>();
        _cloud.Network.Handled = node =>
        {
            if (_nodes.TryGetValue(node.Name, out var owner)
                && (owner.View.Count > Parameters.ViewSize
                    || owner.View.Any(entry => entry.Node == node)
                    || owner.View.Select(entry => entry.Node.Name).Distinct().Count() < owner.View.Count))
            {
                broken.Add(node.Name);
            }
        };

        StartWithoutBoot(64);
        Periods(100);

        Assert.Empty(broken);
    }

    [Fact]
    public void With_half_of_the_peers_dead_the_others_stay_connected_and_the_dead_vanish()
    {
        StartWithoutBoot(Peers);
        Periods(30);
        foreach (var name in Enumerable.Range(0, Peers / 2).Select(number => $"peer-{number * 2}"))
        {
            _cloud.Network.Kill(name);
            _nodes.Remove(name);
        }

        Assert.True(IsConnected());
        Periods(60);

        Assert.True(IsConnected());
        Assert.All(_nodes.Values, node => Assert.All(node.View, entry => Assert.Contains(entry.Node.Name, _nodes.Keys)));
        Assert.All(_nodes.Values, node => Assert.InRange(node.View.Count, Parameters.ShuffleLength, Parameters.ViewSize));
    }

    [Fact]
    public void A_peer_that_left_vanishes_and_is_not_brought_back()
    {
        StartWithoutBoot(64);
        _cloud.Network.Ask("peer-7", new LeaveCommand());
        _nodes.Remove("peer-7");

        Periods(60);

        Assert.DoesNotContain("peer-7", _nodes.Values.SelectMany(node => node.View).Select(entry => entry.Node.Name));
    }

    [Fact]
    public void A_view_changes_as_time_goes_on()
    {
        StartWithoutBoot(Peers);
        var before = _nodes["peer-0"].View.Select(entry => entry.Node.Name).ToHashSet();

        Periods(50);

        Assert.InRange(_nodes["peer-0"].View.Count(entry => before.Contains(entry.Node.Name)), 0, Parameters.ViewSize / 2);
    }

    [Fact]
    public void A_restarted_peer_gets_into_the_views_again_with_BOOT_down()
    {
        StartWithoutBoot(64);
        var remembered = _nodes["peer-9"].View.Select(entry => entry.Node).ToList();
        _cloud.Network.Kill("peer-9");
        Periods(60);
        Assert.DoesNotContain("peer-9", Seen());

        Add(9, Cloud.Boot(incarnation: 2) with
        {
            Contacts = new Dictionary<string, IReadOnlyList<NodeRef>> { [OverlayNames.Peers] = remembered },
        });
        Periods(30);

        Assert.Contains("peer-9", Seen());
        Assert.InRange(_nodes["peer-9"].View.Count, Parameters.ShuffleLength, Parameters.ViewSize);
    }

    [Fact]
    public void Views_that_were_cut_apart_until_they_forgot_each_other_are_joined_again_by_BOOT()
    {
        Start(64);
        var halves = _nodes.Keys.ToLookup(name => int.Parse(name[5..], System.Globalization.CultureInfo.InvariantCulture) % 2);
        _cloud.Network.Kill(AppIds.Bootstrap);
        _cloud.Network.Partition(halves[0].ToHashSet(), halves[1].ToHashSet());
        Periods(100);
        Assert.False(IsConnected());
        _cloud.Network.Heal();

        _cloud.RestartBoot();
        Periods(60);

        Assert.True(IsConnected());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 6)]
    public void A_view_or_shuffle_of_a_wrong_size_is_refused(int view, int shuffle) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MembershipNode(
            Cloud.Peer(0), new SplitMix64(1), Cloud.Boot(), new PeerSamplingParameters { ViewSize = view, ShuffleLength = shuffle }));

    private void Start(int peers)
    {
        for (var i = 0; i < peers; i++)
        {
            Add(i, Cloud.Boot());
        }

        Periods(10);
        Assert.All(_nodes.Values, node => Assert.NotEmpty(node.View));
    }

    private void StartWithoutBoot(int peers)
    {
        Start(peers);
        _cloud.Network.Kill(AppIds.Bootstrap);
    }

    private void Add(int number, BootParameters boot)
    {
        var self = Cloud.Peer(number);
        _nodes[self.Name] = _cloud.Add(random => new MembershipNode(self, random, boot, Parameters));
        _cloud.Network.Ask(self.Name, new AnnounceCommand());
    }

    private void Periods(int count) => _cloud.Network.Run(Parameters.Period * count);

    private HashSet<string> Seen() => [.. _nodes.Values.SelectMany(node => node.View).Select(entry => entry.Node.Name)];

    private List<int> InDegrees()
    {
        var counts = _nodes.Values.SelectMany(node => node.View).CountBy(entry => entry.Node.Name).ToDictionary();
        return [.. _nodes.Keys.Select(name => counts.GetValueOrDefault(name))];
    }

    /// <summary>Whether the graph of views among live nodes, taken without direction, is one.</summary>
    private bool IsConnected()
    {
        var links = _nodes.Values
            .SelectMany(node => node.View, (node, entry) => (A: node.Self.Name, B: entry.Node.Name))
            .Where(link => _nodes.ContainsKey(link.B))
            .SelectMany<(string A, string B), (string A, string B)>(link => [link, (link.B, link.A)])
            .ToLookup(link => link.A, link => link.B);
        var reached = new HashSet<string> { _nodes.Keys.First() };
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var name))
        {
            foreach (var next in links[name].Where(reached.Add))
            {
                queue.Enqueue(next);
            }
        }

        return reached.Count == _nodes.Count;
    }
}
