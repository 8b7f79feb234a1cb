using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>Path length and its distribution: ToN 2003, figure 10.</summary>
internal static class PathFigures
{
    private const double MeanTolerance = 0.3;
    private const double ShareTolerance = 0.03;

    public static IReadOnlyList<FigurePlan> Plan(FigureSizes sizes, IRandom random, ChordRunner run)
    {
        var columns = sizes.PathExponents.Select(exponent => (
            Exponent: exponent,
            Runs: new Runs(
                FormattableString.Invariant($"path length, N = {1 << exponent}"),
                Experiment(1 << exponent, sizes.PathLookups),
                sizes.Runs,
                ((1 << exponent) + sizes.PathLookups) / 1000.0,
                random,
                run))).ToList();
        var distribution = columns.Single(column => column.Exponent == sizes.DistributionExponent).Runs;
        return
        [
            new FigurePlan([.. columns.SelectMany(column => column.Runs.Jobs)], () => Length(sizes, columns)),
            new FigurePlan([], () => Distribution(sizes, distribution)),
        ];
    }

    /// <summary>The paper's settings: fingers of base 2, one successor.</summary>
    private static ChordExperiment Experiment(int nodes, int lookups) =>
        new() { Nodes = nodes, Base = 2, Routing = Routing.Fingers, Successors = 1, Lookups = lookups };

    private static Figure Length(FigureSizes sizes, List<(int Exponent, Runs Runs)> columns) => new(
        "path-length",
        "Mean path length",
        $"{Published.Chord}, figure 10(a)",
        "Lookups of random keys from random nodes on a settled ring, fingers of base 2, successor list of 1; path length is the number of forwards "
            + $"to the key's predecessor. A node knows the keys that it owns itself, which counts on small rings: 3/8 of a forward at 8 nodes. {sizes.Runs} rings of each size, {sizes.PathLookups:N0} lookups each (the paper: 100 N in all).",
        [
            new Panel("", "nodes", "forwards",
            [
                new Series(
                    "mean path length",
                    [
                        .. columns.Select(column => column.Runs.Row(
                            1 << column.Exponent,
                            report => report.Forwards.Mean,
                            new PublishedValue(Published.PathLength.Mean(column.Exponent), 1),
                            Rule.Within(MeanTolerance))),
                    ])
                {
                    PublishedAs = "published: 1/2 log2 N",
                },
            ])
            {
                LogX = true,
            },
        ]);

    private static Figure Distribution(FigureSizes sizes, Runs runs)
    {
        var exponent = sizes.DistributionExponent;
        var longest = Math.Max(exponent, runs.Reports.Max(report => report.ForwardsHistogram.Count) - 1);
        var rows = Enumerable.Range(0, longest + 1).Select(n => runs.Row(
            n,
            report => Share(report.ForwardsHistogram, n),
            new PublishedValue(n > exponent ? 0 : Published.PathLength.Share(exponent, n), 4),
            Rule.Within(ShareTolerance)));
        return new Figure(
            "path-distribution",
            $"Distribution of the path length, {1 << exponent:N0} nodes",
            $"{Published.Chord}, figure 10(b), a plot with its peak near 6 at 2^12 nodes; the curve is Binomial({exponent}, 1/2), which holds on a full ring",
            $"The runs of the mean path length with {1 << exponent:N0} nodes: share of the lookups by their number of forwards. "
                + "Ids of a ring that is not full are not evenly spaced, so a small difference from the binomial is expected.",
            [
                new Panel("", "forwards", "share of the lookups",
                    [new Series("share", [.. rows]) { PublishedAs = $"Binomial({exponent}, 1/2)" }]),
            ]);
    }

    private static double Share(IReadOnlyList<int> histogram, int n) =>
        n < histogram.Count ? histogram[n] / (double)histogram.Sum() : 0;
}
