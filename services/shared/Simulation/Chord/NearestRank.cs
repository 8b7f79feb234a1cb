namespace P2PCloud.Simulation.Chord;

/// <summary>Percentiles by the nearest rank.</summary>
internal static class NearestRank
{
    /// <summary>The value that a share of sorted values does not exceed.</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="share">0 to 1; 1 is the maximum.</param>
    public static T Of<T>(IReadOnlyList<T> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
