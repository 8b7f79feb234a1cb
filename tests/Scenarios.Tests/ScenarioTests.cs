using System.Globalization;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Scenarios.Tests;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData(ScenarioKind.Legal)]
    [InlineData(ScenarioKind.Faulty)]
    [InlineData(ScenarioKind.Calm)]
    [InlineData(ScenarioKind.Byzantine)]
    public void Short_runs_of_small_rings_break_no_rule(ScenarioKind kind)
    {
        var failed = Runs(kind, nodes: 10, seeds: 20, hours: 0.2).FirstOrDefault(result => result.Failed);

        Assert.True(failed is null, failed is null ? "" : $"{failed.Scenario.Replay}\n{string.Join('\n', failed.Violations)}");
    }

    [Fact]
    public void A_legal_run_breaks_no_assumption()
    {
        var runs = Runs(ScenarioKind.Legal, nodes: 16, seeds: 4, hours: 0.2).ToList();

        Assert.All(runs, run => Assert.Empty(run.BrokenAssumptions));
        Assert.All(["crash", "join", "leave"], fault => Assert.True(runs.Sum(run => run.Faults.GetValueOrDefault(fault)) > 0, fault));
    }

    [Theory]
    [InlineData(ScenarioKind.Legal)]
    [InlineData(ScenarioKind.Faulty)]
    public void The_replay_command_names_a_run_with_the_same_event_log(ScenarioKind kind)
    {
        var run = Run(new Scenario { Seed = 5, Kind = kind, Nodes = 12, Hours = 0.1 });

        var again = Run(Parse(run.Scenario.Replay));

        Assert.Equal(run.EventLogHash, again.EventLogHash);
        Assert.Equal(run.Events, again.Events);
        Assert.NotEqual(run.EventLogHash, Run(run.Scenario with { Seed = 6 }).EventLogHash);
    }

    [Fact]
    public void Rules_that_break_while_the_network_lies_are_told_with_their_cause()
    {
        var broken = Runs(ScenarioKind.Byzantine, nodes: 10, seeds: 20, hours: 0.1).SelectMany(run => run.BrokenAssumptions).ToList();

        Assert.NotEmpty(broken);
        Assert.All(broken, finding => Assert.Contains("[assumption broken: ", finding.What, StringComparison.Ordinal));
    }

    internal static IEnumerable<ScenarioResult> Runs(ScenarioKind kind, int nodes, int seeds, double hours, Defect defect = Defect.None) =>
        Enumerable.Range(1, seeds).Select(seed =>
            Run(new Scenario { Seed = (ulong)seed, Kind = kind, Nodes = nodes, Hours = hours, Defect = defect }));

    internal static ScenarioResult Run(Scenario scenario) =>
        ScenarioRun.Run(scenario, cancellationToken: TestContext.Current.CancellationToken);

    private static Scenario Parse(string replay)
    {
        var words = replay.Split(' ');
        string Of(string option) => words[Array.IndexOf(words, option) + 1];
        return new Scenario
        {
            Technique = Of("--technique"),
            Seed = ulong.Parse(Of("--seed"), CultureInfo.InvariantCulture),
            Kind = Enum.Parse<ScenarioKind>(Of("--kind"), ignoreCase: true),
            Nodes = int.Parse(Of("--nodes"), CultureInfo.InvariantCulture),
            Hours = double.Parse(Of("--hours"), CultureInfo.InvariantCulture),
        };
    }
}
