using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// One step of a recursive lookup: to the best candidate and, when that does not answer or is slow to, to the next one as well. A node
/// that has taken the lookup over ends it; two that have do no harm, since the origin takes the first answer.
/// </summary>
internal sealed class Forwarding(ChordNode node, LookupRequest lookup, IReadOnlyList<NextHop> candidates, Action<LookupRequest> givenUp)
{
    private LookupRequest _lookup = lookup;
    private int _next;
    private int _underWay;
    private bool _taken;

    /// <summary>Sends the lookup to the next candidate, or gives up when none is left and none is under way.</summary>
    public void Next()
    {
        if (_lookup.Path.Count >= node.Parameters.HopLimit || _next == candidates.Count)
        {
            if (_underWay == 0 && !_taken)
            {
                givenUp(_lookup);
            }

            return;
        }

        var to = candidates[_next++];
        var sent = _lookup.Aim == to.Aim ? _lookup : _lookup with { Aim = to.Aim };
        var sentAt = node.Now;
        var passed = false;
        _underWay++;
        var hedge = node.After(node.Parameters.HedgeDelay, () =>
        {
            if (!_taken)
            {
                passed = true;
                Pass(to.Contact, sentAt);
            }
        });
        node.Call(to.Contact.Node, sent, node.Parameters.CallTimeout, reply =>
        {
            node.Cancel(hedge);
            _underWay--;
            if (reply is { Accepted: true })
            {
                _taken = true;
                node.Contacts.Trust(to.Contact);
                return;
            }

            node.Forget(to.Contact);
            if (_taken || passed)
            {
                Next(passed);
            }
            else
            {
                Pass(to.Contact, sentAt);
            }
        });
    }

    private void Next(bool passed)
    {
        if (passed && _underWay == 0 && !_taken)
        {
            Next();
        }
    }

    private void Pass(ChordContact contact, DateTimeOffset sentAt)
    {
        var local = contact.Node.App == node.Self.App;
        node.MarkFailed(
            new HopMark(Techniques.Chord, _lookup.LookupId, Lookups.IndexOf(_lookup.Path), node.Self.Name, contact.Node.Name, local), sentAt);
        var failed = new Hop(node.Self.Name, contact.Node.Name, local, node.ElapsedMs(sentAt), HopOutcomes.Unreachable);
        _lookup = _lookup with { Path = [.. _lookup.Path, failed] };
        Next();
    }
}
