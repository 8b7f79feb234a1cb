using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Asks all peers of the successor list whether they are there, for an owner of whose copies one is silent: that may be the first sign that it is cut
/// off. One poll at a time; who asks meanwhile is told what it finds.
/// </summary>
internal sealed class PeerPoll(ChordNode node)
{
    private List<Action<bool>>? _waiting;

    /// <summary>Calls back with whether most of the peers that this node knows, itself included, answer: as soon as most have, or when none can any more.</summary>
    public void Ask(Action<bool> done)
    {
        if (_waiting is not null)
        {
            _waiting.Add(done);
            return;
        }

        _waiting = [done];
        var known = node.Ring.Missing.PeersKnown;
        var peers = node.Ring.DistinctPeers(int.MaxValue).ToList();
        var (left, here, ended) = (peers.Count, 1, false);
        Action look = () =>
        {
            if (!ended && (left == 0 || here * 2 > known))
            {
                ended = true;
                End(here * 2 > known);
            }
        };
        foreach (var peer in peers)
        {
            node.Call(peer.Node, new StateRequest(), node.Parameters.CallTimeout, reply =>
            {
                left--;
                here += reply is null ? 0 : 1;
                look();
            });
        }

        look();
    }

    private void End(bool areMostHere)
    {
        var waiting = _waiting!;
        _waiting = null;
        waiting.ForEach(done => done(areMostHere));
    }
}
