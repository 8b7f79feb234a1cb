namespace P2PCloud.Simulation.Chord;

/// <summary>Runs a <see cref="ChordExperiment"/>.</summary>
public static class ChordSimulation
{
    /// <summary>Runs it.</summary>
    /// <param name="experiment">Checked by <see cref="Check"/>.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="ArgumentException">What <see cref="Check"/> says.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ChordReport Run(ChordExperiment experiment, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>What is wrong with an experiment, in one line for people; null when nothing is.</summary>
    public static string? Check(ChordExperiment experiment) => throw new NotImplementedException();
}
