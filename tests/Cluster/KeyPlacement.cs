using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Cluster.Tests;

/// <summary>Where the copies of keys are on a ring whose members are known: all ids are hashes of names.</summary>
public static class KeyPlacement
{
    private const int Copies = 3;

    private static readonly RingSpace Space = new(128);

    /// <summary>The peers that hold a key: that of its owner, and those of the next successors on other peers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="peers">App-ids of all peers.</param>
    /// <returns>The owner first.</returns>
    public static IReadOnlyList<string> HoldersOf(string key, IEnumerable<string> peers)
    {
        var id = Space.Hash(key);
        return
        [
            .. peers.SelectMany(app => Enumerable.Range(0, ServiceSettings.VirtualNodes), (app, number) => new NodeRef(app, number))
                .OrderBy(node => Space.Distance(id, Space.IdOf(node)))
                .Select(node => node.App)
                .Distinct()
                .Take(Copies),
        ];
    }
}
