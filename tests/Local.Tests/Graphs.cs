namespace P2PCloud.Local.Tests;

/// <summary>Questions about a graph given by its links.</summary>
internal static class Graphs
{
    /// <summary>The nodes within <paramref name="ttl"/> steps of the origin, itself included.</summary>
    public static HashSet<string> Reach(IReadOnlyDictionary<string, IReadOnlyList<string>> links, string origin, int ttl)
    {
        HashSet<string> reached = [origin];
        var front = reached.ToList();
        for (var step = 0; step < ttl; step++)
        {
            front = [.. front.SelectMany(node => links.GetValueOrDefault(node, [])).Where(reached.Add)];
        }

        return reached;
    }
}
