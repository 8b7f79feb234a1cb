using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Quantities as the paper counts them.</summary>
internal static class Rates
{
    public static double FailuresPer10000(ChordReport report) => report.Lookups is 0 ? 0 : 10_000.0 * report.Failures / report.Lookups;
}
