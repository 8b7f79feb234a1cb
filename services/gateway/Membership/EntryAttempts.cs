using P2PCloud.Contracts;

namespace P2PCloud.Gateway.Membership;

/// <summary>
/// The entry peers of one request, asked one after the other. Two may fail it; those that could not be reached or are leaving do not
/// count, so that a request survives many peers leaving at once, and the wait has a bound still.
/// </summary>
/// <param name="entries">Learns which peers failed.</param>
/// <param name="peers">Best first.</param>
internal sealed class EntryAttempts(EntryPeers entries, IReadOnlyList<NodeRef> peers)
{
    private const int FailuresMax = 2;

    private int _next;
    private int _failures;

    /// <summary>The peers that were asked, for the client: <c>peer-1 and peer-2</c>.</summary>
    public string Asked => string.Join(" and ", peers.Take(_next).Select(peer => peer.App));

    /// <summary>True when there is no peer after the present one.</summary>
    public bool IsLastPeer => _next >= peers.Count;

    /// <summary>True when no peer is asked after the present one if that one fails.</summary>
    public bool IsLast => IsLastPeer || _failures + 1 >= FailuresMax;

    /// <summary>The next peer to ask; null when there is none, or enough have failed.</summary>
    public NodeRef? Next() => _next < peers.Count && _failures < FailuresMax ? peers[_next++] : null;

    /// <summary>Notes that the present peer gave no usable answer.</summary>
    /// <param name="reached">False when no connection to it could be made, or it is leaving and has not taken the request up.</param>
    public void Failed(bool reached)
    {
        entries.Suspect(peers[_next - 1]);
        Refused(reached);
    }

    /// <summary>Notes that the present peer answered that it cannot do it now: others are asked, and it is no suspect.</summary>
    public void Declined() => Refused(reached: true);

    private void Refused(bool reached) => _failures += reached ? 1 : 0;
}
