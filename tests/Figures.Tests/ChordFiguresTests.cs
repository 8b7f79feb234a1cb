using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Figures.Tests;

public sealed class ChordFiguresTests
{
    private const ulong Seed = 7;

    /// <summary>All columns of the paper, with the load figures cut short: they have their own tests.</summary>
    private static readonly FigureSizes Columns = FigureSizes.Full with { LoadRuns = 1, VirtualNodeRuns = 1, VirtualNodeKeys = 10_000, ChurnLookups = 10_000 };

    private static readonly FigureSizes Small = FigureSizes.Quick with { LoadRuns = 1, VirtualNodeRuns = 1, VirtualNodeKeys = 10_000 };

    private static readonly Lazy<IReadOnlyList<Figure>> Textbook = new(() => Compute(new TextbookSimulator(), Columns));

    [Fact]
    public void Every_Chord_row_has_its_figure_with_a_source_and_a_method()
    {
        var figures = Textbook.Value;

        Assert.Equal(
            ["load", "virtual-nodes", "path-length", "path-distribution", "mass-failure", "churn", "finger-base"],
            figures.Select(figure => figure.Name));
        Assert.All(figures, figure => Assert.All([figure.Source, figure.Method, figure.Title], Assert.NotEmpty));
    }

    [Fact]
    public void Every_published_column_stands_beside_a_computed_one()
    {
        var figures = Textbook.Value;

        Assert.Equal(Published.PathLength.Exponents.Select(exponent => (double)(1 << exponent)), Xs(figures, "path-length"));
        Assert.Equal(Published.MassFailure.P, Xs(figures, "mass-failure"));
        Assert.Equal(Published.Churn.R, Xs(figures, "churn"));
        Assert.Equal(Published.FingerBase.B.Select(b => (double)b), Xs(figures, "finger-base"));
    }

    [Fact]
    public void Values_of_the_theory_agree_with_the_published_paths()
    {
        var figures = Textbook.Value;

        Assert.All(Rows(figures, "path-length", "mean path length"), row => Assert.True(row.Agrees));
        Assert.All(Rows(figures, "path-distribution", "share"), row => Assert.True(row.Agrees));
        Assert.All(Rows(figures, "finger-base", "mean forwards"), row => Assert.True(row.Agrees));
        Assert.True(Rows(figures, "mass-failure", "mean path")[0].Agrees);
    }

    [Fact]
    public void More_failed_lookups_than_published_disagree()
    {
        var figures = Compute(new TextbookSimulator { Failing = 7 }, Columns);

        Assert.Equal(
            Published.Churn.Failures.Select(published => (bool?)(published.Value >= 7)),
            Rows(figures, "churn", "failed lookups").Select(row => row.Agrees));
        Assert.All(Rows(figures, "mass-failure", "failed lookups"), row => Assert.False(row.Agrees));
    }

    [Fact]
    public void All_simulations_use_the_papers_settings_and_seeds_of_their_own()
    {
        var simulator = new TextbookSimulator();

        Compute(simulator, Columns);

        Assert.All(simulator.Asked, experiment => Assert.Equal(Routing.Fingers, experiment.Routing));
        Assert.All(simulator.Asked.Where(experiment => experiment.Fail > 0 || experiment.Churn > 0), experiment => Assert.Equal((2, 20), (experiment.Base, experiment.Successors)));
        Assert.Distinct(simulator.Asked.Select(experiment => experiment.Seed));
    }

    [Fact]
    public void Equal_seeds_ask_for_equal_runs_and_other_seeds_for_others()
    {
        var (first, second, other) = (new TextbookSimulator(), new TextbookSimulator(), new TextbookSimulator());

        Compute(first, Small);
        Compute(second, Small);
        ChordFigures.Compute(Small, Seed + 1, other.Run, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(first.Asked.Select(experiment => experiment.Seed).Order(), second.Asked.Select(experiment => experiment.Seed).Order());
        Assert.Empty(first.Asked.Select(experiment => experiment.Seed).Intersect(other.Asked.Select(experiment => experiment.Seed)));
    }

    [Fact]
    public void Progress_only_grows_and_ends_at_one()
    {
        var shares = new List<double>();
        var progress = new Listener(shares);

        ChordFigures.Compute(Small, Seed, new TextbookSimulator().Run, progress, TestContext.Current.CancellationToken);

        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 6);
    }

    [Fact]
    public void Cancelling_ends_the_computing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => ChordFigures.Compute(Small, Seed, new TextbookSimulator().Run, cancellationToken: cancelled.Token));
    }

    private static IReadOnlyList<Figure> Compute(TextbookSimulator simulator, FigureSizes sizes) =>
        ChordFigures.Compute(sizes, Seed, simulator.Run, cancellationToken: TestContext.Current.CancellationToken);

    private static IEnumerable<double> Xs(IReadOnlyList<Figure> figures, string name) =>
        figures.Single(figure => figure.Name == name).Panels[0].Series[0].Rows.Select(row => row.X);

    private static IReadOnlyList<FigureRow> Rows(IReadOnlyList<Figure> figures, string name, string quantity) =>
        figures.Single(figure => figure.Name == name).Panels.SelectMany(panel => panel.Series).Single(series => series.Quantity == quantity).Rows;

    private sealed class Listener(List<double> shares) : IProgress<FigureProgress>
    {
        public void Report(FigureProgress value) => shares.Add(value.Share);
    }
}
