using P2PCloud.Contracts;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Runs a <see cref="Scenario"/>: the overlay forms, then storms of faults and quiet phases follow each other until the time is over.</summary>
public static class ScenarioRun
{
    /// <summary>Runs it.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="logging">Called with a line for each event, to follow a replay.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few or too many nodes, no time, or a kind that the technique does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ScenarioResult Run(Scenario scenario, Action<string>? logging = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentOutOfRangeException.ThrowIfLessThan(scenario.Nodes, 4, nameof(scenario));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scenario.Nodes, 1000, nameof(scenario));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(scenario.Hours, 0, nameof(scenario));
        if (!ScenarioKinds.Of(scenario.Technique).Contains(scenario.Kind))
        {
            throw new ArgumentOutOfRangeException(nameof(scenario), $"{scenario.Technique} has no {scenario.Kind} scenarios.");
        }

        var result = scenario.Technique == Techniques.Chord
            ? ChordScenario.Run(scenario, logging, cancellationToken)
            : SearchScenario.Run(scenario, logging, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }
}

/// <summary>Which kinds of scenario a technique has.</summary>
public static class ScenarioKinds
{
    /// <summary>All for Chord; for the others all but <see cref="ScenarioKind.Byzantine"/>.</summary>
    /// <param name="technique">One of <see cref="Techniques.All"/>.</param>
    /// <returns>Empty for any other name.</returns>
    public static IReadOnlyList<ScenarioKind> Of(string technique) => technique switch
    {
        Techniques.Chord => Enum.GetValues<ScenarioKind>(),
        Techniques.Napster or Techniques.Gnutella or Techniques.Kazaa => [ScenarioKind.Legal, ScenarioKind.Faulty, ScenarioKind.Calm],
        _ => [],
    };
}
