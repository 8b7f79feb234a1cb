using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Lookups after many nodes have failed at once: ToN 2003, table II.</summary>
internal static class MassFailureFigure
{
    private static readonly IReadOnlyList<double> P = Published.MassFailure.P;

    public static FigurePlan Plan(FigureSizes sizes, IRandom random, ChordRunner run)
    {
        var columns = sizes.FailureShares.Select(p => (X: p, Runs: new Runs(
            FormattableString.Invariant($"mass failure, p = {p}"),
            new ChordExperiment
            {
                Nodes = Published.MassFailure.Nodes,
                Base = 2,
                Routing = Routing.Fingers,
                Successors = Published.MassFailure.Successors,
                Lookups = sizes.FailureLookups,
                Fail = p,
            },
            sizes.Runs,
            (Published.MassFailure.Nodes + sizes.FailureLookups) / 1000.0,
            random,
            run))).ToList();
        return new FigurePlan([.. columns.SelectMany(column => column.Runs.Jobs)], () => Make(sizes, columns));
    }

    private static Figure Make(FigureSizes sizes, List<(double X, Runs Runs)> columns) => new(
        "mass-failure",
        "Lookups after a mass failure",
        $"{Published.Chord}, table II",
        $"{Published.MassFailure.Nodes:N0} nodes with {Published.MassFailure.Successors} successors and fingers of base 2; each fails with probability p, "
            + $"nothing is repaired. {sizes.Runs} rings, {sizes.FailureLookups:N0} lookups each. The path counts forwards to the key's predecessor, living nodes only, "
            + "as the table does.",
        [
            new Panel("path", "p, share of nodes that failed", "path length",
            [
                Runs.Series("mean path", columns, P, Published.MassFailure.Path, Rule.Mean, report => report.Forwards.Mean),
                Runs.Series("path, 1st percentile", columns, P, Percentiles(percentiles => percentiles.P1), Rule.Within(1), report => report.Forwards.P1),
                Runs.Series("path, 99th percentile", columns, P, Percentiles(percentiles => percentiles.P99), Rule.Within(1), report => report.Forwards.P99),
            ]),
            new Panel("timeouts", "p, share of nodes that failed", "time-outs of a lookup",
                [
                    Runs.Series(
                        "mean time-outs", columns, P, Published.MassFailure.Timeouts, Rule.Mean, report => report.Timeouts.Value,
                        Published.MassFailure.PredictedTimeouts)
                        with { OtherAs = "the paper's prediction: path p / (1 - p)" },
                ]),
            new Panel("failures", "p, share of nodes that failed", "failed lookups of 10,000",
                [
                    Runs.Series("failed lookups", columns, P, [.. P.Select(_ => new PublishedValue(0, 0))], Rule.NoMore, Rates.FailuresPer10000),
                ]),
        ]);

    private static PublishedValue[] Percentiles(Func<(double P1, double P99), double> select) =>
        [.. Published.MassFailure.PathPercentiles.Select(percentiles => new PublishedValue(select(percentiles), 0))];
}
