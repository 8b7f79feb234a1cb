using System.Text.Json;
using P2PCloud.Simulation.Comparison;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Tests.Comparison;

public sealed class TechniqueComparisonTests(TechniqueComparisonTests.Run run) : IClassFixture<TechniqueComparisonTests.Run>
{
    private static readonly ComparisonSettings Settings = new()
    {
        Nodes = 64,
        Files = 200,
        Queries = 60,
        Popularity = Popularity.Uniform,
        Churn = 0.05,
        Sizes = [16, 32],
        Dead = [0.25],
    };

    [Fact]
    public void Every_figure_agrees_with_its_law_or_says_why_not()
    {
        Assert.True(run.Report.Compared.Count() > 60);
        Assert.All(run.Report.Compared.Where(figure => figure.Agrees is false), figure => Assert.NotNull(figure.Explanation));
    }

    [Fact]
    public void What_the_laws_say_exactly_agrees()
    {
        var exact = run.Report.Rows.Where(row => row.Label is "Napster" or "Gnutella, flood" or "Gnutella, expanding ring")
            .SelectMany(row => row.Figures)
            .Where(figure => figure.Name is FigureNames.Success or FigureNames.Recall or FigureNames.Messages or FigureNames.Hops);

        Assert.All(exact, figure => Assert.True(figure.Agrees, $"{figure}"));
    }

    [Fact]
    public void Every_row_has_the_same_figures()
    {
        var names = run.Report.Rows[0].Figures.Select(figure => figure.Name).ToList();

        Assert.Contains(FigureNames.RecallUnderChurn, names);
        Assert.All(run.Report.Rows, row => Assert.Equal(names, row.Figures.Select(figure => figure.Name)));
    }

    [Fact]
    public void Bytes_are_more_than_a_message_each()
    {
        foreach (var row in run.Report.Rows)
        {
            var messages = row.Figures.Single(figure => figure.Name == FigureNames.Messages).Measured;
            var bytes = row.Figures.Single(figure => figure.Name == FigureNames.Bytes).Measured;
            Assert.True(bytes > 20 * messages, row.Label);
        }
    }

    [Fact]
    public void The_curves_have_every_size()
    {
        var curve = run.Report.Curves[0];

        Assert.All(curve.Panels[0].Series, series => Assert.Equal([16, 32, 64], series.Rows.Select(row => row.X)));
    }

    [Fact]
    public void Equal_settings_give_equal_reports() =>
        Assert.Equal(JsonSerializer.Serialize(run.Report), JsonSerializer.Serialize(TechniqueComparison.Run(Settings, LookupSimulation.Run, null, TestContext.Current.CancellationToken)));

    public sealed class Run
    {
        public ComparisonReport Report { get; } = TechniqueComparison.Run(Settings, LookupSimulation.Run, null, TestContext.Current.CancellationToken);
    }
}
