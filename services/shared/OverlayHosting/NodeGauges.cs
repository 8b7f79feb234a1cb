using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// What the nodes of this process last said of themselves, as gauges. Instruments belong to the process, whatever the number of services
/// in it; a node that is forgotten is no longer measured.
/// </summary>
public static class NodeGauges
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Reading>> Readings = new(StringComparer.Ordinal);

    private static readonly List<Instrument> Instruments =
    [
        Gauge(Names.Ready, "{node}", "1 when all overlays are joined and all shared files can be found in each, else 0."),
        Gauge(Names.Files, "{file}", "Files that a peer shares."),
        Gauge(Names.Links, "{link}", "Gnutella links of a peer."),
        Gauge(Names.Attached, "{node}", "1 when a peer has a KaZaA group leader, else 0."),
        Gauge(Names.Children, "{child}", "Children of a KaZaA group leader."),
        Gauge(Names.LeaderLinks, "{link}", "Links of a KaZaA group leader with other leaders."),
        Gauge(Names.Postings, "{posting}", "Postings in the index of a KaZaA group leader."),
        Gauge(Names.Member, "{node}", "1 when a virtual node is a member of the Chord ring, else 0."),
        Gauge(Names.QuorumRefused, "{node}", "1 while a virtual node may be cut off from most of the ring and refuses operations by quorum, else 0."),
        Gauge(Names.Ownership, "{circle}", "Part of the identifier circle that a virtual node owns; absent while its predecessor is unknown."),
        Gauge(Names.Successors, "{node}", "Length of a virtual node's successor list."),
        Gauge(Names.Fingers, "{node}", "Distinct fingers of a virtual node."),
        Gauge(Names.Keys, "{key}", "Keys, postings included, that a virtual node holds, by kind of copy."),
    ];

    /// <summary>Takes the state of a peer in place of the one before.</summary>
    /// <param name="state">As the peer sees itself.</param>
    /// <param name="chordBits">m, the width of the ring's ids.</param>
    public static void Show(PeerState state, int chordBits)
    {
        ArgumentNullException.ThrowIfNull(state);
        Readings[state.Peer] =
        [
            Of(Names.Ready, state.Ready ? 1 : 0, state.Peer),
            Of(Names.Files, state.Files, state.Peer),
            Of(Names.Links, state.GnutellaLinks.Count, state.Peer),
            Of(Names.Attached, state.Leader is null ? 0 : 1, state.Peer),
            .. state.VirtualNodes.SelectMany(node => Of(node, chordBits)),
        ];
    }

    /// <summary>Takes the state of a group leader in place of the one before. A peer that leads has another name as a leader.</summary>
    public static void Show(string name, LeaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Readings[name] =
        [
            Of(Names.Ready, state.Ready ? 1 : 0, name),
            Of(Names.Children, state.Children.Count, name),
            Of(Names.LeaderLinks, state.Links.Count, name),
            Of(Names.Postings, state.Files, name),
        ];
    }

    /// <summary>Measures a node no longer.</summary>
    public static void Forget(string name) => Readings.TryRemove(name, out _);

    private static ObservableGauge<double> Gauge(string name, string unit, string description) =>
        OverlayTelemetry.Meter.CreateObservableGauge(name, () => Measure(name), unit, description);

    private static IEnumerable<Measurement<double>> Measure(string name) =>
        from node in Readings
        from reading in node.Value
        where reading.Name == name
        select new Measurement<double>(reading.Value, reading.Tags);

    private static IEnumerable<Reading> Of(VirtualNodeState node, int bits)
    {
        yield return Of(Names.Member, node.Joined ? 1 : 0, node.Name);
        yield return Of(Names.QuorumRefused, node.RefusesQuorum ? 1 : 0, node.Name);
        yield return Of(Names.Successors, node.Successors.Count, node.Name);
        yield return Of(Names.Fingers, node.Fingers.Count, node.Name);
        yield return Of(Names.Keys, node.Keys, node.Name, KeyValuePair.Create(TelemetryNames.Copy, (object?)"primary"));
        yield return Of(Names.Keys, node.Replicas, node.Name, KeyValuePair.Create(TelemetryNames.Copy, (object?)"replica"));
        if (node.Predecessor is { } predecessor)
        {
            yield return Of(Names.Ownership, OwnershipOf(predecessor.Id, node.Id, bits), node.Name);
        }
    }

    /// <summary>The interval (predecessor, id] as a part of the circle; a node that is its own predecessor owns all of it.</summary>
    private static double OwnershipOf(string predecessor, string id, int bits)
    {
        var distance = (double)new RingSpace(bits).Distance(IdOf(predecessor), IdOf(id));
        return predecessor == id ? 1 : distance / Math.Pow(2, bits);
    }

    private static NodeId IdOf(string hex) => new(UInt128.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static Reading Of(string name, double value, string node, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(name, value, [new(TelemetryNames.Node, node), .. tags]);

    private sealed record Reading(string Name, double Value, KeyValuePair<string, object?>[] Tags);

    private static class Names
    {
        public const string Ready = "p2p.node.ready";
        public const string Files = "p2p.shared.files";
        public const string Links = "p2p.gnutella.links";
        public const string Attached = "p2p.kazaa.attached";
        public const string Children = "p2p.kazaa.children";
        public const string LeaderLinks = "p2p.kazaa.links";
        public const string Postings = "p2p.kazaa.postings";
        public const string Member = "p2p.chord.member";
        public const string QuorumRefused = "p2p.chord.quorum_refused";
        public const string Ownership = "p2p.chord.ownership";
        public const string Successors = "p2p.chord.successors";
        public const string Fingers = "p2p.chord.fingers";
        public const string Keys = "p2p.chord.keys";
    }
}
