using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Chord;

/// <summary>A simulated network with BOOT and Chord nodes.</summary>
internal sealed class Rings
{
    private static readonly NodeRef Boot = new("bootstrap");

    private readonly ChordParameters _parameters;
    private readonly ulong _seed;
    private ulong _nodes;

    public Rings(ulong seed, ChordParameters? parameters = null)
    {
        _seed = seed;
        _parameters = parameters ?? new ChordParameters();
        Space = new RingSpace(_parameters.Bits);
        Network = new SimulatedNetwork(seed);
        Network.Add(new BootServer(Boot, new SplitMix64(seed), TimeSpan.FromSeconds(30)));
    }

    public SimulatedNetwork Network { get; }

    public RingSpace Space { get; }

    /// <summary>All engines ever started.</summary>
    public List<ChordNode> Nodes { get; } = [];

    /// <summary>Names of the nodes that run, in the order of their ids.</summary>
    public IReadOnlyList<string> Members => [.. Network.Names.Where(name => name != Boot.Name).OrderBy(IdOf)];

    /// <summary>Starts the virtual nodes of a peer.</summary>
    public void StartPeer(string app, int virtualNodes = 1, TimeSpan delay = default, long incarnation = 1)
    {
        List<NodeRef> nodes = [.. Enumerable.Range(0, virtualNodes).Select(number => new NodeRef(app, number))];
        foreach (var node in nodes)
        {
            Start(node, _parameters, [.. nodes.Where(other => other != node)], delay, incarnation);
        }
    }

    /// <summary>Starts a node with parameters of its own, or with records that it kept.</summary>
    public void Add(NodeRef node, ChordParameters parameters, params KeyRecord[] kept) => Start(node, parameters, [], default, 1, kept);

    private void Start(
        NodeRef node, ChordParameters parameters, List<NodeRef> siblings, TimeSpan delay, long incarnation, IReadOnlyList<KeyRecord>? kept = null)
    {
        var boot = new BootParameters { Bootstrap = Boot, Incarnation = incarnation };
        var random = new SplitMix64((_seed * 1_000_003) + ++_nodes);
        Nodes.Add(Network.Add(new ChordNode(node, random, boot, parameters, siblings, kept), delay));
    }

    /// <summary>Ends all virtual nodes of a peer without a word.</summary>
    public void KillPeer(string app)
    {
        foreach (var name in NodesOf(app))
        {
            Network.Kill(name);
        }
    }

    /// <summary>Has a peer leave as its service does: the publisher first, then the other virtual nodes together.</summary>
    public void LeavePeer(string app)
    {
        var nodes = NodesOf(app).Order(StringComparer.Ordinal).ToList();
        Network.Ask(nodes[0], new LeaveCommand());
        var left = 1;
        foreach (var name in nodes.Skip(1))
        {
            Network.Post(name, new LeaveCommand(), _ => left++);
        }

        Assert.True(Network.RunUntil(() => left == nodes.Count, TimeSpan.FromSeconds(10)), $"{app} did not leave");
        KillPeer(app);
    }

    /// <summary>Cuts peers off from all others, BOOT included, but not from each other.</summary>
    /// <returns>Their nodes.</returns>
    public IReadOnlySet<string> CutOff(params string[] peers)
    {
        var cutOff = peers.SelectMany(NodesOf).ToHashSet();
        Network.Partition(cutOff, Network.Names.Except(cutOff).ToHashSet());
        return cutOff;
    }

    /// <summary>Starts peers at the same instant and waits for the ideal ring.</summary>
    public void StartTogether(int peers, int virtualNodes = 1)
    {
        for (var i = 0; i < peers; i++)
        {
            StartPeer(AppIds.Peer(i), virtualNodes);
        }

        Settle();
    }

    /// <summary>Waits until every node's predecessor and successor list are those of the ideal ring, and all keys are handed over.</summary>
    public void Settle(TimeSpan? limit = null)
    {
        var end = Network.Now + (limit ?? TimeSpan.FromSeconds(30));
        while (!IsIdeal())
        {
            Assert.True(Network.Now < end, "the ring did not become ideal");
            Network.Run(TimeSpan.FromMilliseconds(100));
        }
    }

    public bool IsIdeal()
    {
        var members = Members;
        for (var i = 0; i < members.Count; i++)
        {
            var state = State(members[i]);
            var length = Math.Min(_parameters.SuccessorListLength, members.Count - 1);
            var expected = Enumerable.Range(1, Math.Max(length, 1)).Select(step => members[(i + step) % members.Count]);
            if (!state.Joined || state.Predecessor?.Name != members[(i + members.Count - 1) % members.Count]
                || !state.Successors.Select(node => node.Name).SequenceEqual(expected))
            {
                return false;
            }
        }

        return true;
    }

    public ChordStatus Status(string name) => Network.Ask(name, new ChordStatusCommand());

    public VirtualNodeState State(string name) => Status(name).State;

    public NodeId IdOf(string name)
    {
        var parts = name.Split('#');
        var node = new NodeRef(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        return _parameters.IdOf?.Invoke(node) ?? Space.IdOf(node);
    }

    private IReadOnlyList<string> NodesOf(string app) => [.. Members.Where(name => name.StartsWith($"{app}#", StringComparison.Ordinal))];

    /// <summary>First live id at or after the key.</summary>
    public string OwnerOf(NodeId key) => Members.FirstOrDefault(name => IdOf(name) >= key) ?? Members[0];

    public Done Share(string name, params SharedFile[] files) => Network.Ask(name, new ShareCommand(files));

    public SearchResult Search(string name, string query, LookupMode mode = LookupMode.Recursive) =>
        Network.Ask(name, new SearchCommand(query, 100, mode));

    /// <summary>A file whose content id is made up from its name.</summary>
    public static SharedFile File(string name) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))), name, name.Length);

    /// <summary>The last node of each hop of a chain.</summary>
    public static List<string> Chain(SearchResult result)
    {
        var path = new List<string>();
        for (var hop = result.Hops.SingleOrDefault(); hop is not null; hop = hop.Children?.Single())
        {
            path.Add(hop.To);
        }

        return path;
    }
}
