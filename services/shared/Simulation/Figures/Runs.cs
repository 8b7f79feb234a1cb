using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Independent runs of the same experiment with different seeds.</summary>
internal sealed class Runs
{
    private readonly ChordReport[] _reports;

    /// <summary>Plans them; they are there when <see cref="Jobs"/> have run.</summary>
    /// <param name="label">See <see cref="FigureJob"/>.</param>
    /// <param name="experiment">Its seed is not used.</param>
    /// <param name="count">How many runs.</param>
    /// <param name="weight">Of one run.</param>
    /// <param name="random">Seeds.</param>
    /// <param name="run">Runs one.</param>
    public Runs(string label, ChordExperiment experiment, int count, double weight, IRandom random, ChordRunner run)
    {
        _reports = new ChordReport[count];
        Jobs =
        [
            .. Enumerable.Range(0, count).Select(number =>
            {
                var seeded = experiment with { Seed = random.NextBits() };
                return new FigureJob(label, weight, (progress, cancellationToken) => _reports[number] = run(seeded, progress, cancellationToken));
            }),
        ];
    }

    public IReadOnlyList<FigureJob> Jobs { get; }

    /// <summary>A row of a published table over the columns that were computed.</summary>
    /// <param name="quantity">What is measured.</param>
    /// <param name="columns">The computed ones, each at its x.</param>
    /// <param name="x">Of all published columns.</param>
    /// <param name="published">The table's row, by column.</param>
    /// <param name="rule">When ours and the published value agree.</param>
    /// <param name="value">Taken from each run.</param>
    /// <param name="other">A further row, by column.</param>
    public static Series Series(
        string quantity,
        IReadOnlyList<(double X, Runs Runs)> columns,
        IReadOnlyList<double> x,
        IReadOnlyList<PublishedValue> published,
        Rule rule,
        Func<ChordReport, double> value,
        IReadOnlyList<double>? other = null)
    {
        var at = x.ToList();
        var rows = columns.Select(column =>
            column.Runs.Row(column.X, value, published[at.IndexOf(column.X)], rule, other?[at.IndexOf(column.X)]));
        return new Series(quantity, [.. rows]);
    }

    public IReadOnlyList<ChordReport> Reports => _reports;

    public Sample Of(Func<ChordReport, double> value) => Sample.Of([.. _reports.Select(value)]);

    public FigureRow Row(double x, Func<ChordReport, double> value, PublishedValue? published, Rule rule, double? other = null)
    {
        var sample = Of(value);
        return new FigureRow(x, sample.Mean, sample.StandardError, published, rule, other);
    }
}
