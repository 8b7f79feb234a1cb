using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>One iterative lookup at its origin, which asks node after node who is next, and sees every time-out itself.</summary>
internal sealed class IterativeLookup(ChordNode node, string id, NodeId key, bool fetch, Action<LookupFound> done)
{
    private readonly DateTimeOffset _deadline = node.Now + node.Parameters.LookupDeadline;
    private readonly List<Hop> _path = [];
    private readonly Stack<(ChordContact Contact, bool Final)> _open = new();
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private int _messages;

    public void Start()
    {
        var ring = node.Ring;
        if (!ring.IsMember)
        {
            done(LookupFound.Nothing(id, _path, _messages));
        }
        else if (ring.Owns(key))
        {
            node.Keeper.Read(key, fetch, postings =>
                done(new LookupFound(id, ring.Self, ring.Predecessor?.Id ?? ring.Self.Id, postings, _path, _messages)));
        }
        else
        {
            var step = node.Router.Next(key);
            Open(step.Candidates, step.Final);
            Continue();
        }
    }

    /// <summary>Candidates are tried best first; those of earlier answers remain as a way round dead nodes.</summary>
    private void Open(IReadOnlyList<ChordContact> candidates, bool final)
    {
        foreach (var candidate in candidates.Reverse())
        {
            _open.Push((candidate, final));
        }
    }

    private void Continue()
    {
        if (node.Now >= _deadline || _path.Count >= node.Parameters.HopLimit)
        {
            done(LookupFound.Nothing(id, _path, _messages));
        }
        else if (!_open.TryPop(out var next))
        {
            Restart();
        }
        else if (!_asked.Add($"{next.Contact.Node.Name} {next.Final}"))
        {
            Continue();
        }
        else if (next.Final)
        {
            Fetch(next.Contact);
        }
        else
        {
            AskNext(next.Contact);
        }
    }

    /// <summary>Nobody is left to ask: the ring is changing. Begins again soon.</summary>
    private void Restart()
    {
        _asked.Clear();
        node.After(node.Random.NextAround(node.Parameters.RetryDelay, 0.5), () =>
        {
            if (node.Now >= _deadline)
            {
                done(LookupFound.Nothing(id, _path, _messages));
            }
            else
            {
                Start();
            }
        });
    }

    private void AskNext(ChordContact contact)
    {
        var sentAt = node.Now;
        _messages++;
        node.Call(contact.Node, new NextHopRequest(id, key, Lookups.IndexOf(_path)), node.Parameters.CallTimeout, reply =>
        {
            Record(contact, sentAt, reply is not null);
            if (reply is not null)
            {
                Open(node.Contacts.Accepted(reply.Candidates), reply.Final);
            }

            Continue();
        });
    }

    private void Fetch(ChordContact owner)
    {
        var sentAt = node.Now;
        _messages++;
        node.Call(owner.Node, new FetchRequest(id, key, Lookups.IndexOf(_path)), node.Parameters.CallTimeout, reply =>
        {
            Record(owner, sentAt, reply is not null);
            if (reply is { Owned: true, Predecessor: { } from })
            {
                done(new LookupFound(id, owner, from, fetch ? reply.Postings : [], _path, _messages));
            }
            else
            {
                Continue();
            }
        });
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
            node.Contacts.Suspect(contact, node.Now);
            node.Fingers.Remove(contact);
        }

        _path.Add(new Hop(node.Self.Name, contact.Node.Name, local, node.ElapsedMs(sentAt), answered ? null : HopOutcomes.Unreachable));
    }
}
