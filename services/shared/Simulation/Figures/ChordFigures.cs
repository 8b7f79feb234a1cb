using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Runs one experiment, as <see cref="ChordSimulation.Run"/> does.</summary>
public delegate ChordReport ChordRunner(ChordExperiment experiment, IProgress<double>? progress, CancellationToken cancellationToken);

/// <summary>Computes the figures of the Chord paper (protocols.md, section 10), without drawing them.</summary>
public static class ChordFigures
{
    /// <summary>Computes them all, on as many cores as there are.</summary>
    /// <param name="sizes">How much is computed.</param>
    /// <param name="seed">Everything random follows from it; equal seeds give equal figures on any number of cores.</param>
    /// <param name="run">Runs one simulation; called from several threads at once.</param>
    /// <param name="progress">Told how far the computing is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<Figure> Compute(
        FigureSizes sizes, ulong seed, ChordRunner run, IProgress<FigureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var seeds = new SplitMix64(seed);
        FigurePlan[] plans =
        [
            LoadFigure.Plan(sizes, new SplitMix64(seeds.NextBits())),
            VirtualNodesFigure.Plan(sizes, new SplitMix64(seeds.NextBits())),
            .. PathFigures.Plan(sizes, new SplitMix64(seeds.NextBits()), run),
            MassFailureFigure.Plan(sizes, new SplitMix64(seeds.NextBits()), run),
            ChurnFigure.Plan(sizes, new SplitMix64(seeds.NextBits()), run),
            FingerBaseFigure.Plan(sizes, new SplitMix64(seeds.NextBits()), run),
        ];

        FigureJob.RunAll([.. plans.SelectMany(plan => plan.Jobs)], progress, cancellationToken);
        return [.. plans.Select(plan => plan.Make())];
    }
}
