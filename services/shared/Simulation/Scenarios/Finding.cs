namespace P2PCloud.Simulation.Scenarios;

/// <summary>Something that a check found.</summary>
/// <param name="At">Simulated time since the start of the run.</param>
/// <param name="Node">Where it shows; null when it concerns the ring as a whole.</param>
/// <param name="What">The rule that does not hold, and what was seen instead.</param>
public sealed record Finding(TimeSpan At, string? Node, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At:c} {Node ?? "ring"}: {What}";
}
