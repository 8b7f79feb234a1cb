using P2PCloud.Simulation.Chord;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Simulate;

/// <summary>The simulator behind the commands; tests put another in its place.</summary>
/// <param name="Check">As <see cref="ChordSimulation.Check"/>.</param>
/// <param name="Run">As <see cref="ChordSimulation.Run"/>.</param>
/// <param name="Search">As <see cref="LookupSimulation.Run"/>.</param>
public sealed record Simulations(Func<ChordExperiment, string?> Check, ChordRunner Run, LookupRunner Search)
{
    /// <summary>The engines in the simulated network.</summary>
    public static Simulations Real { get; } = new(ChordSimulation.Check, ChordSimulation.Run, LookupSimulation.Run);
}
