using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Techniques;

/// <summary>Names of modes.</summary>
internal static class Modes
{
    /// <summary>In the words of the REST interface; empty where a technique has one way.</summary>
    public static string NameOf(string technique, LookupMode mode) => (technique, mode) switch
    {
        (Contracts.Techniques.Gnutella, LookupMode.Default) => "flood",
        (Contracts.Techniques.Chord, LookupMode.Default) => "recursive",
        (_, LookupMode.Default) => "",
        (_, LookupMode.ExpandingRing) => "expanding-ring",
        (_, LookupMode.RandomWalk) => "random-walk",
        _ => mode.ToString().ToLowerInvariant(),
    };
}
