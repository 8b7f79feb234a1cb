using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Chord;

/// <summary>The nodes of an experiment, placed in their ideal ring.</summary>
internal sealed class ExperimentRing
{
    private static readonly NodeRef Boot = new("bootstrap");
    private static readonly TimeSpan BootLease = TimeSpan.FromMinutes(10);

    private readonly ChordParameters _parameters;
    private readonly RingSpace _space = new(128);
    private readonly List<ChordNode> _nodes = [];
    private readonly List<string> _peers = [];
    private readonly List<ChordContact> _members = [];
    private readonly IRandom _random;
    private int _lastPeer;

    public ExperimentRing(ChordExperiment experiment, IRandom random)
    {
        Experiment = experiment;
        _random = random;
        _parameters = ExperimentSettings.ParametersOf(experiment, _space);
        Network = new SimulatedNetwork(random.NextBits(), new NetworkModel
        {
            Latency = new ExponentialLatency(ExperimentSettings.MeanLatency),
            DeadNodesAnswer = false,
        });
        if (experiment.Churn > 0)
        {
            Network.Add(new BootServer(Boot, new SplitMix64(random.NextBits()), BootLease));
        }

        Place();
    }

    public ChordExperiment Experiment { get; }

    public SimulatedNetwork Network { get; }

    /// <summary>Nodes that run.</summary>
    public IReadOnlyList<ChordNode> Nodes => _nodes;

    /// <summary>Peers that run.</summary>
    public int PeerCount => _peers.Count;

    /// <summary>Ids of the live members, in order.</summary>
    public IReadOnlyList<ChordContact> Members => _members;

    /// <summary>A uniformly random id.</summary>
    public static NodeId RandomId(SplitMix64 random) => new(new UInt128(random.NextBits(), random.NextBits()));

    /// <summary>Name of virtual node 0 of a random peer.</summary>
    public string RandomPeer(SplitMix64 random) => _peers[random.NextBelow(_peers.Count)];

    /// <summary>The first live member at or after a key.</summary>
    public NodeId OwnerOf(NodeId key) => _members[PlaceOf(key) % _members.Count].Id;

    /// <summary>Starts a new peer that joins.</summary>
    public ChordNode Join()
    {
        var node = NewNode(new NodeRef(AppIds.Peer(_lastPeer++), 0), []);
        _nodes.Add(Network.Add(node));
        return node;
    }

    /// <summary>Counts a node that has joined as a member.</summary>
    public void Joined(ChordNode node)
    {
        var contact = node.Ring.Self;
        _members.Insert(PlaceOf(contact.Id), contact);
        _peers.Add(node.Self.Name);
    }

    /// <summary>No lookups begin at a peer that is about to leave.</summary>
    public void Leaving(ChordNode node) => _peers.Remove(node.Self.Name);

    /// <summary>Takes a node that has left out of the members.</summary>
    public void Left(ChordNode node)
    {
        _members.RemoveAt(PlaceOf(node.Ring.Self.Id));
        _nodes.Remove(node);
    }

    private void Place()
    {
        var peers = Enumerable.Range(0, Experiment.Nodes).Select(AppIds.Peer).ToList();
        _lastPeer = Experiment.Nodes;
        var ideal = new IdealRing(_space, peers.SelectMany(VirtualNodesOf));
        var alive = peers.Where(_ => Experiment.Fail == 0 || _random.NextUnit() >= Experiment.Fail).ToHashSet();
        if (alive.Count == 0)
        {
            alive.Add(peers[0]);
        }

        for (var position = 0; position < ideal.Members.Count; position++)
        {
            var contact = ideal.Members[position];
            if (!alive.Contains(contact.Node.App))
            {
                continue;
            }

            var node = NewNode(contact.Node, [.. VirtualNodesOf(contact.Node.App).Where(other => other != contact.Node)]);
            var predecessor = ideal.At(position - 1);
            node.Place(
                alive.Contains(predecessor.Node.App) ? predecessor : null,
                ideal.SuccessorsOf(position, _parameters.SuccessorListLength),
                ideal.FingersOf(position, Experiment.Base),
                ideal.Members);
            _nodes.Add(Network.Add(node));
            _members.Add(contact);
            if (contact.Node.VirtualNode is 0)
            {
                _peers.Add(contact.Node.Name);
            }
        }

        _peers.Sort(StringComparer.Ordinal);
    }

    private IEnumerable<NodeRef> VirtualNodesOf(string app) =>
        Enumerable.Range(0, Experiment.VirtualNodes).Select(number => new NodeRef(app, number));

    private ChordNode NewNode(NodeRef self, IReadOnlyList<NodeRef> siblings) => new(
        self, new SplitMix64(_random.NextBits()), new BootParameters { Bootstrap = Boot, Incarnation = 1 }, _parameters, siblings);

    private int PlaceOf(NodeId id) => _space.PlaceOf(_members, id);
}
