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

        // The longest first, so that no core is left with a long one at the end.
        var jobs = plans.SelectMany(plan => plan.Jobs).OrderByDescending(job => job.Weight).ToList();
        var total = new TotalProgress(jobs, progress);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, jobs.Count, options, number =>
        {
            jobs[number].Run(total.Of(number), cancellationToken);
            total.Of(number).Report(1);
        });
        return [.. plans.Select(plan => plan.Make())];
    }

    /// <summary>The progress of all jobs, by their weights.</summary>
    private sealed class TotalProgress(IReadOnlyList<FigureJob> jobs, IProgress<FigureProgress>? progress)
    {
        private readonly Lock _gate = new();
        private readonly double _weight = jobs.Sum(job => job.Weight);
        private readonly double[] _done = new double[jobs.Count];

        public IProgress<double> Of(int number) => new JobProgress(this, number);

        private void Report(int number, double share)
        {
            lock (_gate)
            {
                _done[number] = Math.Max(_done[number], Math.Clamp(share, 0, 1) * jobs[number].Weight);
                progress?.Report(new FigureProgress(Math.Min(1, _done.Sum() / _weight), jobs[number].Label));
            }
        }

        private sealed class JobProgress(TotalProgress total, int number) : IProgress<double>
        {
            public void Report(double value) => total.Report(number, value);
        }
    }
}
