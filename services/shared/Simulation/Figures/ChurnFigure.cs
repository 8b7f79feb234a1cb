using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Lookups while nodes join and leave: ToN 2003, table III.</summary>
internal static class ChurnFigure
{
    private const double WeightPerLookup = 0.03;

    public static FigurePlan Plan(FigureSizes sizes, IRandom random, ChordRunner run)
    {
        var columns = sizes.ChurnRates.Select(rate => (X: rate, Runs: new Runs(
            FormattableString.Invariant($"churn, R = {rate} per s"),
            new ChordExperiment
            {
                Nodes = Published.Churn.Nodes,
                Base = 2,
                Routing = Routing.Fingers,
                Successors = Published.Churn.Successors,
                Lookups = sizes.ChurnLookups,
                Churn = rate,
            },
            sizes.Runs,
            sizes.ChurnLookups * WeightPerLookup,
            random,
            run))).ToList();
        return new FigurePlan([.. columns.SelectMany(column => column.Runs.Jobs)], () => Make(sizes, columns));
    }

    private static Figure Make(FigureSizes sizes, List<(double X, Runs Runs)> columns) => new(
        "churn",
        "Lookups under churn",
        $"{Published.Chord}, table III",
        $"About {Published.Churn.Nodes:N0} nodes with {Published.Churn.Successors} successors and fingers of base 2; joins and leaves are Poisson at R each, "
            + $"one lookup a second. {sizes.Runs} runs, {sizes.ChurnLookups:N0} lookups each. The path counts forwards to the key's predecessor. "
            + "A lookup fails when it does not end with the right owner.",
        [
            new Panel("path", "R, joins and leaves per second", "path length",
                [Runs.Series("mean path", columns, Published.Churn.R, Published.Churn.Path, Rule.Mean, report => report.Forwards.Mean)]),
            new Panel("timeouts", "R, joins and leaves per second", "time-outs of a lookup",
                [Runs.Series("mean time-outs", columns, Published.Churn.R, Published.Churn.Timeouts, Rule.NoMore, report => report.Timeouts.Value)]),
            new Panel("failures", "R, joins and leaves per second", "failed lookups of 10,000",
                [Runs.Series("failed lookups", columns, Published.Churn.R, Published.Churn.Failures, Rule.NoMore, Rates.FailuresPer10000)]),
        ]);
}
