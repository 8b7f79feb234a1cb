using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Simulation.Figures;

/// <summary>
/// Consistent hashing alone, without a network: how many keys each host owns when key and node names are hashed to the circle
/// (ToN 2003, section VI-B).
/// </summary>
public static class KeyLoad
{
    private const int KeysPerCheck = 4096;
    private static readonly RingSpace Space = new(128);

    /// <summary>Keys of each host as multiples of the mean, ascending.</summary>
    /// <param name="hosts">Hosts, at least 1.</param>
    /// <param name="virtualNodes">Ids of each host, at least 1.</param>
    /// <param name="keys">Ids of keys, from <see cref="Keys"/>.</param>
    /// <param name="seed">Names of the hosts follow from it.</param>
    public static double[] Shares(int hosts, int virtualNodes, IReadOnlyCollection<NodeId> keys, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hosts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualNodes, 1);
        var ids = new UInt128[hosts * virtualNodes];
        var owners = new int[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            owners[i] = i / virtualNodes;
            ids[i] = Space.IdOf(new NodeRef($"host-{seed}-{owners[i]}", i % virtualNodes)).Value;
        }

        Array.Sort(ids, owners);
        var counts = new int[hosts];
        foreach (var key in keys)
        {
            var at = Array.BinarySearch(ids, key.Value);
            at = at < 0 ? ~at : at;
            counts[owners[at == ids.Length ? 0 : at]]++;
        }

        Array.Sort(counts);
        var mean = (double)keys.Count / hosts;
        return [.. counts.Select(count => count / mean)];
    }

    /// <summary>Ids of keys.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Names of the keys follow from it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static NodeId[] Keys(int count, ulong seed, CancellationToken cancellationToken = default)
    {
        var keys = new NodeId[count];
        for (var i = 0; i < count; i++)
        {
            if (i % KeysPerCheck is 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            keys[i] = Space.Hash($"key-{seed}-{i}");
        }

        return keys;
    }

    /// <summary>The value that a share of sorted values does not exceed (nearest rank).</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="percent">0 to 100; 100 is the maximum.</param>
    public static double Percentile(IReadOnlyList<double> sorted, double percent) =>
        NearestRank.Of(sorted, percent / 100);
}
