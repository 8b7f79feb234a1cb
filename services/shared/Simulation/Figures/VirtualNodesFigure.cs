using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Figures;

/// <summary>Keys per host with virtual nodes: ToN 2003, figure 9.</summary>
internal static class VirtualNodesFigure
{
    private const double RunWeight = 40;

    public static FigurePlan Plan(FigureSizes sizes, IRandom random)
    {
        // By run, then by v: both percentiles.
        var runs = new (double P1, double P99)[sizes.VirtualNodeRuns][];
        var jobs = Enumerable.Range(0, runs.Length).Select(number =>
        {
            var seed = random.NextBits();
            return new FigureJob("load with virtual nodes", RunWeight, (progress, cancellationToken) =>
                runs[number] = Measure(sizes.VirtualNodeKeys, seed, progress, cancellationToken));
        });
        return new FigurePlan([.. jobs], () => Make(sizes, runs));
    }

    private static (double P1, double P99)[] Measure(int count, ulong seed, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var keys = KeyLoad.Keys(count, seed, cancellationToken);
        var measured = new List<(double P1, double P99)>();
        foreach (var v in Published.VirtualNodes.V)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shares = KeyLoad.Shares(Published.VirtualNodes.Hosts, v, keys, seed);
            measured.Add((KeyLoad.Percentile(shares, 1), KeyLoad.Percentile(shares, 99)));
            progress.Report((double)measured.Count / Published.VirtualNodes.V.Count);
        }

        return [.. measured];
    }

    private static Figure Make(FigureSizes sizes, (double P1, double P99)[][] runs) => new(
        "virtual-nodes",
        "Keys per host with virtual nodes",
        $"{Published.Chord}, figure 9",
        $"{Published.VirtualNodes.Hosts:N0} hosts with v ids each and {sizes.VirtualNodeKeys:N0} keys hashed to the circle, {runs.Length} seeds. "
            + "The paper gives values for 1 and 20 virtual nodes in words; the independent simulation is not published.",
        [
            new Panel("", "virtual nodes of a host", "keys, multiples of the mean",
            [
                Of("99th percentile", runs, run => run.P99, Published.VirtualNodes.P99, independent => independent.P99),
                Of("1st percentile", runs, run => run.P1, Published.VirtualNodes.P1, independent => independent.P1),
            ]),
        ]);

    private static Series Of(
        string quantity,
        (double P1, double P99)[][] runs,
        Func<(double P1, double P99), double> select,
        IReadOnlyDictionary<int, PublishedValue> published,
        Func<(double P1, double P99), double> other)
    {
        var rows = Published.VirtualNodes.V.Select((v, column) =>
        {
            var sample = Sample.Of([.. runs.Select(run => select(run[column]))]);
            return new FigureRow(
                v, sample.Mean, sample.StandardError, published.GetValueOrDefault(v), Rule.Mean, other(Published.VirtualNodes.Independent[v]));
        });
        return new Series(quantity, [.. rows]) { OtherAs = "independent simulation" };
    }
}
