namespace P2PCloud.Simulation.Scenarios;

/// <summary>A node that runs in a scenario, from its start to its end; started again, it is another one.</summary>
internal class ScenarioNode(string name)
{
    public string Name { get; } = name;

    /// <summary>It was told to leave.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Until when it was paused: it owes nobody an answer within its deadline before that.</summary>
    public TimeSpan PausedUntil { get; set; }
}

/// <summary>What faults of a network are injected into.</summary>
internal interface IScenarioCloud
{
    SimulatedNetwork Network { get; }

    Timeline Timeline { get; }

    /// <summary>Those that run, in a fixed order.</summary>
    IEnumerable<ScenarioNode> Nodes { get; }

    /// <summary>The node that the others depend on, which has no <see cref="ScenarioNode"/>: BOOT, or the directory.</summary>
    string Central { get; }

    /// <summary>What people call it.</summary>
    string CentralTitle { get; }

    /// <summary>Further nodes that partitions separate.</summary>
    IEnumerable<string> Others { get; }

    bool Runs(ScenarioNode node);
}
