using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Searches;

/// <summary>Reads the hops of an answer.</summary>
internal static class HopTree
{
    /// <summary>Remote steps to a node, the shortest way that was taken; null when it was not reached.</summary>
    public static int? DistanceTo(IReadOnlyList<Hop> hops, string node)
    {
        var distance = 1;
        for (IReadOnlyList<Hop> level = hops; level.Count > 0; level = [.. level.SelectMany(hop => hop.Children ?? [])], distance++)
        {
            if (level.Any(hop => hop.To == node && hop.Outcome is null))
            {
                return distance;
            }
        }

        return null;
    }

    /// <summary>All hops of the tree.</summary>
    public static IEnumerable<Hop> All(IEnumerable<Hop> hops) => hops.SelectMany(hop => All(hop.Children ?? []).Prepend(hop));
}
