using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>A peer that runs: one virtual node.</summary>
internal sealed class SimulatedPeer(int number, ChordNode engine) : ScenarioNode(engine.Self.Name)
{
    public int Number { get; } = number;

    public ChordNode Engine { get; } = engine;

    public NodeId Id { get; } = engine.Snapshot().Self.Id;

    public bool IsMember { get; set; }

    public TimeSpan MemberSince { get; set; }

    /// <summary>Of the state that the watch has seen.</summary>
    public long SeenVersion { get; set; } = -1;
}

/// <summary>BOOT and Chord peers on a simulated network.</summary>
internal sealed class SimulatedRing : IScenarioCloud
{
    private static readonly NodeRef BootRef = new(AppIds.Bootstrap);

    private readonly SortedDictionary<int, SimulatedPeer> _peers = [];
    private readonly Dictionary<NodeRef, SimulatedPeer> _byNode = [];
    private readonly SplitMix64 _random;
    private long _incarnation;
    private int _nextNumber;

    public SimulatedRing(ulong seed, NetworkModel model, ChordParameters parameters, TimeSpan lease)
    {
        _random = new SplitMix64(seed);
        Network = new SimulatedNetwork(_random.NextBits(), model);
        Parameters = parameters;
        Timeline = new Timeline(Network);
        Space = new RingSpace(parameters.Bits);
        Network.Add(new BootServer(BootRef, NextRandom(), lease));
    }

    public static string Boot => BootRef.Name;

    public string Central => Boot;

    public string CentralTitle => "BOOT";

    public IEnumerable<ScenarioNode> Nodes => Peers;

    public IEnumerable<string> Others => [];

    public SimulatedNetwork Network { get; }

    public ChordParameters Parameters { get; }

    public Timeline Timeline { get; }

    public RingSpace Space { get; }

    /// <summary>Those that run, by number.</summary>
    public IEnumerable<SimulatedPeer> Peers => _peers.Values;

    public int Count => _peers.Count;

    /// <summary>References with a wrong id that nodes refused.</summary>
    public long RefusedContacts { get; private set; }

    public SimulatedPeer? Find(NodeRef node) => _byNode.GetValueOrDefault(node);

    public bool Runs(ScenarioNode node) => node is SimulatedPeer peer && _peers.TryGetValue(peer.Number, out var running) && running == peer;

    /// <summary>Starts a peer that there has not been before.</summary>
    public SimulatedPeer StartNew() => Start(_nextNumber++);

    /// <summary>Starts a peer under its old name, with what its disk has.</summary>
    public SimulatedPeer Start(int number)
    {
        var self = new NodeRef(AppIds.Peer(number), 0);
        var boot = new BootParameters { Bootstrap = BootRef, Incarnation = ++_incarnation };
        var engine = new ChordNode(self, NextRandom(), boot, Parameters, [], Network.DiskOf(self.Name));
        var peer = new SimulatedPeer(number, engine);
        _peers.Add(number, peer);
        _byNode[self] = peer;
        Network.Add(engine);
        return peer;
    }

    public bool Runs(int number) => _peers.ContainsKey(number);

    /// <summary>Ends a peer without a word.</summary>
    public void Kill(SimulatedPeer peer, bool eraseDisk)
    {
        Network.Kill(peer.Name);
        RefusedContacts += peer.Engine.Contacts.Refused;
        _peers.Remove(peer.Number);
        _byNode.Remove(peer.Engine.Self);
        if (eraseDisk)
        {
            Network.EraseDisk(peer.Name);
        }
    }

    private SplitMix64 NextRandom() => new(_random.NextBits());
}
