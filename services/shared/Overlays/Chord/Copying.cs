using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Has records kept by some of the candidates: the first ones, and the next for each that does not keep them.</summary>
internal sealed class Copying(ChordNode node, IReadOnlyList<KeyRecord> records, IReadOnlyList<ChordContact> candidates, int wanted, Action<int> done)
{
    private int _next;
    private int _held;
    private int _underWay;

    public void Start()
    {
        while (_next < candidates.Count && _held + _underWay < wanted)
        {
            Send(candidates[_next++]);
        }

        if (_underWay == 0)
        {
            done(_held);
        }
    }

    private void Send(ChordContact replica)
    {
        _underWay++;
        node.Call(replica.Node, new KeyCopyRequest(records), node.Parameters.CallTimeout, reply =>
        {
            _underWay--;
            _held += reply is { Kept: true } ? 1 : 0;
            Start();
        });
    }
}
