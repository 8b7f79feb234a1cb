using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Scenarios.Tests;

/// <summary>The test of the tester: known mistakes are found, and nothing is found where there are none.</summary>
public sealed class PlantedDefectTests
{
    private const int SeedsMax = 1000;
    private const int Nodes = 10;
    private const double Hours = 0.1;

    /// <summary>Reads by one are promised nothing where nodes crash, and those by quorum ask others who still have the key.</summary>
    public static TheoryData<Defect, ScenarioKind> Defects => new()
    {
        { Defect.JoinsWithSuccessorOnly, ScenarioKind.Legal },
        { Defect.AdoptsUnchecked, ScenarioKind.Legal },
        { Defect.AcceptsDeadPredecessor, ScenarioKind.Legal },
        { Defect.OwnsOpenInterval, ScenarioKind.Legal },
        { Defect.AnswersBeforeHandOver, ScenarioKind.Calm },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_planted_defect_is_found_and_the_same_seeds_without_it_show_nothing(Defect defect, ScenarioKind kind)
    {
        var tried = ScenarioTests.Runs(kind, Nodes, SeedsMax, Hours, defect).TakeUntilFailed().ToList();

        Assert.True(tried[^1].Failed, $"{defect} was not found in {SeedsMax} seeds");
        Assert.All(tried, run => Assert.Empty(ScenarioTests.Run(run.Scenario with { Defect = Defect.None }).Violations));
    }
}

file static class Results
{
    public static IEnumerable<ScenarioResult> TakeUntilFailed(this IEnumerable<ScenarioResult> results)
    {
        foreach (var result in results)
        {
            yield return result;
            if (result.Failed)
            {
                yield break;
            }
        }
    }
}
