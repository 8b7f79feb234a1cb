namespace P2PCloud.Simulation.Figures;

/// <summary>One independent piece of the computing.</summary>
/// <param name="Label">What it is, for a person who waits.</param>
/// <param name="Weight">Expected time, in units that all jobs share.</param>
/// <param name="Run">Does it; told the progress from 0 to 1.</param>
internal sealed record FigureJob(string Label, double Weight, Action<IProgress<double>, CancellationToken> Run)
{
    /// <summary>Runs jobs on as many cores as there are, the longest first, so that no core is left with a long one at the end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void RunAll(IEnumerable<FigureJob> jobs, IProgress<FigureProgress>? progress, CancellationToken cancellationToken)
    {
        var ordered = jobs.OrderByDescending(job => job.Weight).ToList();
        var total = new TotalProgress(ordered, progress);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.ForEach(
            System.Collections.Concurrent.Partitioner.Create(Enumerable.Range(0, ordered.Count), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering),
            options,
            number =>
            {
                ordered[number].Run(total.Of(number), cancellationToken);
                total.Of(number).Report(1);
            });
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

/// <summary>How far the computing of the figures is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Label">What was worked on last.</param>
public sealed record FigureProgress(double Share, string Label);

/// <summary>A figure that is computed by jobs, and made when they all have ended.</summary>
internal sealed record FigurePlan(IReadOnlyList<FigureJob> Jobs, Func<Figure> Make);
