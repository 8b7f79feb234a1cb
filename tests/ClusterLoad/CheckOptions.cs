namespace P2PCloud.ClusterLoad;

/// <summary>A time over which recovery is measured.</summary>
/// <param name="From">Name of the mark at which the fault, or its repair, happened.</param>
/// <param name="Until">Name of the mark at which it ends; null: where the load ends.</param>
public sealed record RecoveryWindow(string From, string? Until = null);

/// <summary>How a history is judged.</summary>
public sealed record CheckOptions
{
    /// <summary>Where recovery is measured; empty: from each mark until the next.</summary>
    public IReadOnlyList<RecoveryWindow> Recoveries { get; init; } = [];

    /// <summary>Successes in a row, with no failure after them in the window, by which a stream has recovered; at least 1.</summary>
    public int SuccessesInARow { get; init; } = 5;

    /// <summary>Time by which an operation may end after its deadline, for a busy machine.</summary>
    public TimeSpan DeadlineTolerance { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the scenario takes gateways away, so that connections to them break.</summary>
    public bool GatewaysMayEnd { get; init; }

    /// <summary>Whether each key with an acknowledged put must have been read in the final phase; false for a history without
    /// one.</summary>
    public bool FinalReads { get; init; } = true;
}
