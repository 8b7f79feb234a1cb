using P2PCloud.Contracts;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Scenarios.Tests;

/// <summary>Napster, Gnutella and KaZaA under faults.</summary>
public sealed class SearchScenarioTests
{
    public static TheoryData<string, ScenarioKind> Cases => new(
        from technique in Techniques.All.Where(technique => technique != Techniques.Chord)
        from kind in ScenarioKinds.Of(technique)
        select (technique, kind));

    public static TheoryData<string, Defect> Defects => new()
    {
        { Techniques.Napster, Defect.KeepsDeadSessions },
        { Techniques.Kazaa, Defect.KeepsDeadChildren },
        { Techniques.Gnutella, Defect.ForgetsDescriptors },
        { Techniques.Gnutella, Defect.AcknowledgesEveryLink },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Short_runs_break_no_rule(string technique, ScenarioKind kind)
    {
        var failed = Runs(technique, kind, nodes: 20, seeds: 8, hours: 0.2).FirstOrDefault(run => run.Failed);

        Assert.True(failed is null, failed is null ? "" : $"{failed.Scenario.Replay}\n{string.Join('\n', failed.Violations)}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_seed_gives_the_same_event_log(string technique, ScenarioKind kind)
    {
        var scenario = new Scenario { Seed = 5, Technique = technique, Kind = kind, Nodes = 12, Hours = 0.1 };

        var run = ScenarioTests.Run(scenario);

        Assert.Equal(run.EventLogHash, ScenarioTests.Run(scenario).EventLogHash);
        Assert.NotEqual(run.EventLogHash, ScenarioTests.Run(scenario with { Seed = 6 }).EventLogHash);
        Assert.Contains($"--technique {technique} ", scenario.Replay, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_planted_defect_is_found(string technique, Defect defect)
    {
        var runs = Runs(technique, ScenarioKind.Legal, nodes: 20, seeds: 10, hours: 0.2, defect);

        Assert.Contains(runs, run => run.Failed);
    }

    [Theory]
    [InlineData(Techniques.Napster)]
    [InlineData(Techniques.Gnutella)]
    [InlineData(Techniques.Kazaa)]
    public void Nothing_grows_without_bound(string technique)
    {
        var run = ScenarioTests.Run(new Scenario { Seed = 1, Technique = technique, Nodes = 6, Hours = 4 });

        Assert.Empty(run.Violations);
        Assert.True(run.Simulated >= TimeSpan.FromHours(4));
    }

    [Fact]
    public void Wrong_answers_on_purpose_are_for_Chord_only() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ScenarioTests.Run(new Scenario
        {
            Technique = Techniques.Napster,
            Kind = ScenarioKind.Byzantine,
        }));

    private static IEnumerable<ScenarioResult> Runs(
        string technique, ScenarioKind kind, int nodes, int seeds, double hours, Defect defect = Defect.None) =>
        Enumerable.Range(1, seeds).Select(seed => ScenarioTests.Run(new Scenario
        {
            Seed = (ulong)seed,
            Technique = technique,
            Kind = kind,
            Nodes = nodes,
            Hours = hours,
            Defect = defect,
        }));
}
