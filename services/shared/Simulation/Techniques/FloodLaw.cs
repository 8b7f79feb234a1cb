namespace P2PCloud.Simulation.Techniques;

/// <summary>
/// What a flood costs and finds on a known graph (protocols.md, sections 3 and 9): 2E - N + 1 queries when the TTL reaches everybody, and for
/// each holder's hit as many messages as it is links away.
/// </summary>
internal static class FloodLaw
{
    /// <summary>A flood of one TTL.</summary>
    /// <param name="graph">With those that have died.</param>
    /// <param name="origin">Where it starts.</param>
    /// <param name="holders">Nodes that answer, at least one; the same one several times if it stands for several peers.</param>
    /// <param name="ttl">At the origin.</param>
    public static Expectation Expect(OverlayGraph graph, string origin, IReadOnlyCollection<string> holders, int ttl)
    {
        var distances = graph.DistancesFrom(origin);
        var reached = holders.Where(holder => distances.TryGetValue(holder, out var distance) && distance <= ttl).ToList();
        var replies = reached.Distinct(StringComparer.Ordinal).Sum(holder => distances[holder]);
        return new Expectation(
            graph.FloodMessages(origin, ttl) + replies,
            reached.Count > 0 ? reached.Min(holder => distances[holder]) : null,
            (double)reached.Count / holders.Count,
            reached.Count > 0 ? 1 : 0);
    }
}
