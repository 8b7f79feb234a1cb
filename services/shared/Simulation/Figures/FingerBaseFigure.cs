using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Path length and table size for fingers of base b: protocols.md, section 5.5.</summary>
internal static class FingerBaseFigure
{
    private const int AboveAllowedFrom = 16;
    private const double AboveAllowed = 0.4;
    private const double Tolerance = 0.3;

    public static FigurePlan Plan(FigureSizes sizes, IRandom random, ChordRunner run)
    {
        var columns = sizes.FingerBases.Select(b => (Base: b, Runs: new Runs(
            FormattableString.Invariant($"base-b fingers, b = {b}"),
            new ChordExperiment
            {
                Nodes = sizes.FingerNodes,
                Base = b,
                Routing = Routing.Fingers,
                Successors = 1,
                LocationCache = 0,
                Lookups = sizes.FingerLookups,
            },
            sizes.Runs,
            (sizes.FingerNodes + sizes.FingerLookups) / 1000.0,
            random,
            run))).ToList();
        return new FigurePlan([.. columns.SelectMany(column => column.Runs.Jobs)], () => Make(sizes, columns));
    }

    private static Figure Make(FigureSizes sizes, List<(int Base, Runs Runs)> columns)
    {
        var compared = sizes.FingerNodes == Published.FingerBase.Nodes;
        return new Figure(
            "finger-base",
            $"Fingers of base b, {sizes.FingerNodes:N0} nodes",
            "Derived from the finger table, not in the paper: ((b - 1) / b) log_b N forwards, (b - 1) log_b N entries; "
                + "beside it an independent simulation with 4,096 nodes",
            $"finger(j, i) = successor(n + j b^i) for j from 1 to b - 1, successor list of 1. {sizes.Runs} rings, {sizes.FingerLookups:N0} lookups each. "
                + "Entries are distinct; the predecessor is not counted.",
            [
                new Panel("forwards", "b", "forwards",
                [
                    Of(columns, "mean forwards", (b, runs) => runs.Row(
                        b,
                        report => report.Forwards.Mean,
                        new PublishedValue(Math.Round(Published.FingerBase.Forwards(b, sizes.FingerNodes), 2), 2),
                        b >= AboveAllowedFrom ? Rule.MeanOrAboveBy(AboveAllowed) : Rule.Within(Tolerance),
                        compared ? Published.FingerBase.Independent[b].Forwards : null)),
                ])
                {
                    LogX = true,
                },
                new Panel("entries", "b", "routing entries of a node",
                [
                    Of(columns, "mean entries", (b, runs) => runs.Row(
                        b,
                        report => report.Entries.Value - 1,
                        compared ? new PublishedValue(Published.FingerBase.Independent[b].Entries, b < AboveAllowedFrom ? 1 : 0) : null,
                        Rule.Mean,
                        Published.FingerBase.Entries(b, sizes.FingerNodes)),
                        "independent simulation",
                        "derived: (b - 1) log_b N"),
                ])
                {
                    LogX = true,
                },
            ]);
    }

    private static Series Of(
        List<(int Base, Runs Runs)> columns,
        string quantity,
        Func<int, Runs, FigureRow> row,
        string publishedAs = "derived: ((b - 1) / b) log_b N",
        string otherAs = "independent simulation") =>
        new(quantity, [.. columns.Select(column => row(column.Base, column.Runs))]) { PublishedAs = publishedAs, OtherAs = otherAs };
}
