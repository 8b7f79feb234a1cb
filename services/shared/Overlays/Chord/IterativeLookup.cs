using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// One iterative lookup at its origin, which asks node after node who is next, and sees every time-out itself. A node that is slow to
/// answer is passed by while its answer is still waited for.
/// </summary>
internal sealed class IterativeLookup(ChordNode node, string id, NodeId key, bool fetch, Action<LookupFound> done)
{
    private readonly DateTimeOffset _deadline = node.Now + node.Parameters.LookupDeadline;
    private readonly List<Hop> _path = [];
    private readonly Stack<NextHop> _open = new();
    private readonly HashSet<NextHop> _asked = [];
    private int _messages;
    private int _underWay;
    private bool _ownersAsked;
    private bool _ended;

    public void Start()
    {
        var ring = node.Ring;
        if (!ring.IsMember)
        {
            End(LookupFound.Nothing(id, _path, _messages));
        }
        else if (ring.Owns(key))
        {
            node.Keeper.Read(key, fetch, postings =>
                End(new LookupFound(id, ring.Self, ring.Predecessor?.Id ?? ring.Self.Id, postings, _path, _messages)));
        }
        else
        {
            Open(node.Router.Next(key, Guesses.All));
            Continue();
        }
    }

    private void End(LookupFound found)
    {
        if (!_ended)
        {
            _ended = true;
            done(found);
        }
    }

    /// <summary>
    /// Candidates are tried best first; those of earlier answers remain as a way round dead nodes. Those that did not answer lately are
    /// left out where there are others.
    /// </summary>
    private void Open(IReadOnlyList<NextHop> candidates)
    {
        var others = candidates.Any(candidate => !node.Contacts.IsSuspect(candidate.Contact, node.Now));
        for (var i = candidates.Count - 1; i >= 0; i--)
        {
            if (node.Contacts.Accepts(candidates[i].Contact) && !(others && node.Contacts.IsSuspect(candidates[i].Contact, node.Now)))
            {
                _open.Push(candidates[i]);
            }
        }
    }

    private void Continue()
    {
        if (_ended)
        {
            return;
        }

        if (node.Now >= _deadline || _path.Count >= node.Parameters.HopLimit)
        {
            End(LookupFound.Nothing(id, _path, _messages));
        }
        else if (!_open.TryPop(out var next))
        {
            Restart();
        }
        else if (_ownersAsked && next.Aim is LookupAim.Forward)
        {
            // The owner has died or is new: the nodes around the key will know soon, and those before them never do.
            _open.Clear();
            Restart();
        }
        else if (!_asked.Add(next))
        {
            Continue();
        }
        else if (next.Aim is LookupAim.Forward)
        {
            Ask(next.Contact, new NextHopRequest(id, key, Lookups.IndexOf(_path)), reply => Open(reply.Candidates));
        }
        else
        {
            _ownersAsked |= next.Aim is LookupAim.Owner;
            Ask(next.Contact, new FetchRequest(id, key, Lookups.IndexOf(_path), next.Aim), reply => Fetched(next.Contact, reply));
        }
    }

    /// <summary>Nobody is left to ask: the ring is changing. Begins again soon.</summary>
    private void Restart()
    {
        if (_underWay > 0)
        {
            return;
        }

        _asked.Clear();
        _ownersAsked = false;
        node.After(node.Random.NextAround(node.Parameters.RetryDelay, 0.5), () =>
        {
            if (node.Now >= _deadline)
            {
                End(LookupFound.Nothing(id, _path, _messages));
            }
            else
            {
                Start();
            }
        });
    }

    private void Ask<TReply>(ChordContact contact, IRequest<TReply> question, Action<TReply> answered)
        where TReply : class, IMessage
    {
        var sentAt = node.Now;
        var passed = false;
        _messages++;
        _underWay++;
        var hedge = node.After(node.Parameters.HedgeDelay, () =>
        {
            passed = true;
            Continue();
        });
        node.Call(contact.Node, question, node.Parameters.CallTimeout, reply =>
        {
            node.Cancel(hedge);
            _underWay--;
            Record(contact, sentAt, reply is not null);
            if (_ended)
            {
                return;
            }

            if (reply is not null)
            {
                answered(reply);
            }

            if (!passed || _underWay == 0)
            {
                Continue();
            }
        });
    }

    private void Fetched(ChordContact owner, FetchReply reply)
    {
        if (reply.Owned)
        {
            var from = reply.Predecessor?.Id ?? node.Ring.Space.Add(key, UInt128.MaxValue);
            node.Owners.Set(from, owner);
            End(new LookupFound(id, owner, from, fetch ? reply.Postings : [], _path, _messages));
        }
        else if (reply.Predecessor is { } nearer && nearer.Id != owner.Id
            && (nearer.Id == key || node.Ring.Space.IsBetween(key, nearer.Id, owner.Id)))
        {
            Open([new NextHop(nearer, LookupAim.Owner)]);
        }
    }

    private void Record(ChordContact contact, DateTimeOffset sentAt, bool answered)
    {
        var local = contact.Node.App == node.Self.App;
        if (answered)
        {
            _messages++;
            node.Contacts.Trust(contact);
        }
        else
        {
            node.MarkFailed(new HopMark(Techniques.Chord, id, Lookups.IndexOf(_path), node.Self.Name, contact.Node.Name, local), sentAt);
            node.Forget(contact);
        }

        _path.Add(new Hop(node.Self.Name, contact.Node.Name, local, node.ElapsedMs(sentAt), answered ? null : HopOutcomes.Unreachable));
    }
}
