using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>A technique in one mode with its settings: a row of the comparison.</summary>
/// <param name="Label">For people.</param>
/// <param name="Experiment">Technique, mode and what is special; the rest comes from the settings.</param>
/// <param name="NodesMax">Largest size that is simulated.</param>
/// <param name="CurveMax">Largest size of its curve.</param>
internal sealed record Variant(
    string Label, LookupExperiment Experiment, int NodesMax = ComparisonSettings.NodesMax, int CurveMax = ComparisonSettings.NodesMax)
{
    /// <summary>All rows in their order.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        new("Napster", Of(Techniques.Napster)),
        new("Gnutella, flood", Of(Techniques.Gnutella, LookupMode.Flood)),
        new("Gnutella, expanding ring", Of(Techniques.Gnutella, LookupMode.ExpandingRing), CurveMax: 4096),
        new("Gnutella, random walk", Of(Techniques.Gnutella, LookupMode.RandomWalk), CurveMax: 4096),
        new("KaZaA", Of(Techniques.Kazaa)),
        new("Chord, base 2", Of(Techniques.Chord, LookupMode.Recursive) with { Base = 2 }),
        new("Chord, base 2, iterative", Of(Techniques.Chord, LookupMode.Iterative) with { Base = 2 }),
        new("Chord, base 64", Of(Techniques.Chord, LookupMode.Recursive)),
        new("Chord, base 64, two words", Of(Techniques.Chord, LookupMode.Recursive) with { Words = 2 }),
        new("Chord, full table", Of(Techniques.Chord, LookupMode.Recursive) with { Routing = Routing.Full }, 4096, 4096),
    ];

    /// <summary>Whether its curve tells something that no other does.</summary>
    public bool HasCurve => Experiment.Words == 1;

    private static LookupExperiment Of(string technique, LookupMode mode = LookupMode.Default) => new() { Technique = technique, Mode = mode };
}
