using P2PCloud.Contracts;

namespace P2PCloud.Peer.Overlays;

/// <summary>What a peer remembers of the time before its start.</summary>
internal static class LastContacts
{
    /// <summary>
    /// The members of each overlay, those of the view of all peers first, which is the freshest: each of them is a servent of Gnutella and has
    /// a Chord node 0.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<NodeRef>> Of(IReadOnlyDictionary<string, IReadOnlyList<NodeRef>> remembered)
    {
        var peers = remembered.GetValueOrDefault(OverlayNames.Peers, []);
        return new Dictionary<string, IReadOnlyList<NodeRef>>(remembered)
        {
            [OverlayNames.Gnutella] = [.. peers, .. remembered.GetValueOrDefault(OverlayNames.Gnutella, [])],
            [OverlayNames.Chord] =
            [
                .. peers.Select(peer => peer with { VirtualNode = 0 }),
                .. remembered.GetValueOrDefault(OverlayNames.Chord, []),
            ],
        };
    }
}
