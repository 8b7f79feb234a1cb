using System.Diagnostics.Metrics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class NodeGaugeTests : IDisposable
{
    private const int Bits = 8;

    private readonly string _peer = $"peer-of-{nameof(NodeGaugeTests)}";
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Tags)> _read = [];

    public NodeGaugeTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Overlays)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            var own = tags.ToArray();
            if (own.Any(tag => tag.Key == TelemetryNames.Node && $"{tag.Value}".StartsWith(_peer, StringComparison.Ordinal)))
            {
                _read.Add((instrument.Name, value, string.Join(' ', own.Select(tag => tag.Value))));
            }
        });
        _listener.Start();
    }

    public void Dispose()
    {
        NodeGauges.Forget(_peer);
        _listener.Dispose();
    }

    [Theory]
    [InlineData("10", "50", 0.25)]
    [InlineData("f0", "10", 0.125)]
    [InlineData("10", "10", 1)]
    public void A_virtual_node_owns_the_part_of_the_circle_from_its_predecessor_to_itself(string predecessor, string id, double part)
    {
        NodeGauges.Show(State(Node(id, predecessor)), Bits);

        Assert.Equal([("p2p.chord.ownership", part, $"{_peer}#0")], Read("p2p.chord.ownership"));
    }

    [Fact]
    public void A_virtual_node_without_predecessor_owns_nothing_that_could_be_measured()
    {
        NodeGauges.Show(State(Node("10", null)), Bits);

        Assert.Empty(Read("p2p.chord.ownership"));
        Assert.Single(Read("p2p.chord.member"));
    }

    [Fact]
    public void Keys_are_those_owned_and_those_held_for_others()
    {
        NodeGauges.Show(State(Node("10", "f0")), Bits);

        Assert.Equal(
            [("p2p.chord.keys", 3, $"{_peer}#0 primary"), ("p2p.chord.keys", 7, $"{_peer}#0 replica")],
            Read("p2p.chord.keys"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void A_virtual_node_that_refuses_quorums_says_so(bool refuses, double value)
    {
        NodeGauges.Show(State(Node("10", "f0") with { RefusesQuorum = refuses }), Bits);

        Assert.Equal([("p2p.chord.quorum_refused", value, $"{_peer}#0")], Read("p2p.chord.quorum_refused"));
    }

    [Fact]
    public void A_newer_state_takes_the_place_of_the_one_before()
    {
        NodeGauges.Show(State() with { Ready = false }, Bits);
        NodeGauges.Show(State(), Bits);

        Assert.Equal([("p2p.node.ready", 1, _peer)], Read("p2p.node.ready"));
    }

    [Fact]
    public void A_node_that_is_forgotten_is_not_measured()
    {
        NodeGauges.Show(State(Node("10", "f0")), Bits);
        NodeGauges.Forget(_peer);

        _listener.RecordObservableInstruments();
        Assert.Empty(_read);
    }

    [Fact]
    public void A_group_leader_has_children_links_and_postings()
    {
        NodeGauges.Show(_peer, new LeaderState(_peer, null, Ready: true, ["peer-1", "peer-2"], ["supernode-1"], Files: 5));

        Assert.Equal([("p2p.kazaa.children", 2, _peer)], Read("p2p.kazaa.children"));
        Assert.Equal([("p2p.kazaa.links", 1, _peer)], Read("p2p.kazaa.links"));
        Assert.Equal([("p2p.kazaa.postings", 5, _peer)], Read("p2p.kazaa.postings"));
    }

    private IEnumerable<(string Name, double Value, string Tags)> Read(string name)
    {
        _read.Clear();
        _listener.RecordObservableInstruments();
        return _read.Where(reading => reading.Name == name);
    }

    private PeerState State(params IReadOnlyList<VirtualNodeState> nodes) => new(_peer, null, Ready: true, [], Files: 2, nodes, ["peer-1"], Leader: null);

    private VirtualNodeState Node(string id, string? predecessor) => new(
        $"{_peer}#0", id, Joined: true, predecessor is null ? null : new RingNode("other", predecessor), [], [], Keys: 3, Replicas: 7);
}
