using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Figures;

/// <summary>Keys per node with one id a node: ToN 2003, figure 8.</summary>
internal static class LoadFigure
{
    private const double RunWeight = 10;
    private const double Maximum = 100;
    private static readonly double[] Percents = [1, 10, 25, 50, 75, 90, 95, 99, Maximum];

    public static FigurePlan Plan(FigureSizes sizes, IRandom random)
    {
        var runs = new double[sizes.LoadRuns][];
        var jobs = Enumerable.Range(0, runs.Length).Select(number =>
        {
            var seed = random.NextBits();
            return new FigureJob("load", RunWeight, (_, cancellationToken) =>
            {
                var keys = KeyLoad.Keys(Published.Load.Keys, seed, cancellationToken);
                runs[number] = KeyLoad.Shares(Published.Load.Nodes, 1, keys, seed);
            });
        });
        return new FigurePlan([.. jobs], () => Make(runs));
    }

    private static Figure Make(double[][] runs)
    {
        var rows = Percents.Select(percent =>
        {
            var sample = Sample.Of([.. runs.Select(shares => KeyLoad.Percentile(shares, percent))]);
            return new FigureRow(percent, sample.Mean, sample.StandardError, PublishedAt(percent), Rule.Mean, Derived(percent));
        });
        return new Figure(
            "load",
            "Keys per node, one id a node",
            $"{Published.Chord}, figure 8",
            $"{Published.Load.Nodes:N0} node names and {Published.Load.Keys:N0} key names hashed to the circle, {runs.Length} seeds. "
                + "Values are multiples of the mean load; the 100th percentile is the node with most keys. "
                + "Arcs between random ids are nearly exponential, which gives the derived values: ln(1 / (1 - share)), and ln N for the maximum.",
            [
                new Panel("", "percentile of nodes", "keys, multiples of the mean",
                    [new Series("keys per node", [.. rows]) { OtherAs = "derived" }]),
            ]);
    }

    private static PublishedValue? PublishedAt(double percent) => percent switch
    {
        99 => Published.Load.P99,
        Maximum => Published.Load.Maximum,
        _ => null,
    };

    private static double Derived(double percent) =>
        percent is Maximum ? Math.Log(Published.Load.Nodes) : -Math.Log(1 - (percent / 100));
}
