namespace P2PCloud.Simulation.Searches;

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

    /// <summary>An expanding ring: the sum of the floods up to the first that reaches a holder.</summary>
    /// <param name="graph">With those that have died.</param>
    /// <param name="origin">Where it starts.</param>
    /// <param name="holders">Nodes that answer, at least one.</param>
    /// <param name="ttls">Of the rings, ascending.</param>
    public static Expectation ExpectRings(OverlayGraph graph, string origin, IReadOnlyCollection<string> holders, IEnumerable<int> ttls)
    {
        var messages = 0.0;
        Expectation ring = default;
        foreach (var ttl in ttls)
        {
            ring = Expect(graph, origin, holders, ttl);
            messages += ring.Messages ?? 0;
            if (ring.Success > 0)
            {
                break;
            }
        }

        return ring with { Messages = messages };
    }

    /// <summary>
    /// A child's search: 2 messages between child and leader, a flood among leaders, and a hit of every other leader within the TTL that has a child with
    /// the file, over as many links as it is away.
    /// </summary>
    /// <param name="leaders">Their graph.</param>
    /// <param name="own">Leader of the child that searches.</param>
    /// <param name="knowing">Leaders of the holders, the same one several times if it has several.</param>
    /// <param name="ttl">At the leader.</param>
    public static Expectation ExpectChild(OverlayGraph leaders, string own, IReadOnlyCollection<string> knowing, int ttl)
    {
        var flood = Expect(leaders, own, knowing, ttl);
        return flood with { Messages = flood.Messages + 2, Hops = flood.Hops + 1 };
    }
}
