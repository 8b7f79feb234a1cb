using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// stabilizeFromSuccessor and stabilizeFromPredecessor (Zave 2017). No pointer is adopted from a node that has not just answered, and
/// between its own question and the answer this node does not tell its state.
/// </summary>
internal sealed class Stabilization(ChordNode node)
{
    private ChordContact? _hint;

    /// <summary>A question is under way.</summary>
    public bool IsAsking { get; private set; }

    private RingState Ring => node.Ring;

    /// <summary>One round, unless one is under way.</summary>
    public void Run()
    {
        if (!Ring.IsMember || IsAsking)
        {
            return;
        }

        if (!Ring.IsAlone)
        {
            FromSuccessor();
        }
        else if (Ring.Predecessor is { } predecessor && predecessor.Id != Ring.Self.Id)
        {
            FromPredecessor(predecessor);
        }
        else if (Ring.Predecessor is null)
        {
            node.Membership.CheckRing();
        }
    }

    /// <summary>
    /// Somebody says that a node is between this one and its successor. Asked now, so that nodes that join at one place in numbers find
    /// their order at the speed of messages, not one at each interval.
    /// </summary>
    public void OnHint(ChordContact candidate)
    {
        if (Ring.IsMember && Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, (_hint ?? Ring.Successor).Id)
            && !node.Contacts.IsSuspect(candidate, node.Now))
        {
            _hint = candidate;
            FollowHint();
        }
    }

    private void FromSuccessor()
    {
        var successor = Ring.Successor;
        Ask(successor, reply =>
        {
            if (Ring.Successor.Id != successor.Id)
            {
                Run();
                return;
            }

            if (reply is null or { Status: MemberStatus.NotMember })
            {
                Drop(successor, silent: reply is null);
                return;
            }

            if (reply.Status is MemberStatus.Busy)
            {
                node.After(node.Random.NextAround(node.Parameters.BusyDelay, 0.5), Run);
                return;
            }

            if (Ring.Follow(successor, node.Contacts.Accepted(reply.Successors)))
            {
                node.Membership.Changed();
            }

            if (node.Contacts.Accepts(reply.Predecessor) && Ring.Space.IsBetween(Ring.Self.Id, reply.Predecessor!.Id, successor.Id)
                && !node.Contacts.IsSuspect(reply.Predecessor, node.Now))
            {
                if (node.Parameters.Defects.HasFlag(PlantedDefects.AdoptsUnchecked))
                {
                    Ring.Follow(reply.Predecessor, Ring.Successors);
                    Notify(reply.Predecessor);
                    return;
                }

                FromPredecessor(reply.Predecessor);
            }
            else
            {
                Notify(successor);
            }
        });
    }

    private void FromPredecessor(ChordContact candidate) => Ask(candidate, reply =>
    {
        if (reply?.Status is MemberStatus.Member && Ring.IsAlone && FirstAfterSelf(reply) is { } first && first.Id != candidate.Id)
        {
            OnHint(first);
            return;
        }

        if (reply?.Status is MemberStatus.Member && (Ring.IsAlone || Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, Ring.Successor.Id)))
        {
            Ring.Follow(candidate, node.Contacts.Accepted(reply.Successors));
            Notify(candidate);
            node.Arrivals.TakeOver();
            node.Membership.Changed();
            if (node.Contacts.Accepts(reply.Predecessor))
            {
                OnHint(reply.Predecessor!);
            }

            return;
        }

        if (reply is null or { Status: MemberStatus.NotMember })
        {
            node.Forget(candidate);
            if (Ring.IsAlone)
            {
                node.Membership.DoubtPredecessor();
            }
        }

        if (!Ring.IsAlone)
        {
            Notify(Ring.Successor);
        }
    });

    /// <summary>The next member after this one in the list of its predecessor.</summary>
    private ChordContact? FirstAfterSelf(StateReply reply) =>
        reply.Successors.Any(contact => contact.Id == Ring.Self.Id)
            ? reply.Successors.FirstOrDefault(contact => contact.Id != Ring.Self.Id && node.Contacts.Accepts(contact) && !node.Contacts.IsSuspect(contact, node.Now))
            : null;

    /// <summary>The next of the list takes the place of a successor that is dead or has left.</summary>
    public void Drop(ChordContact successor, bool silent)
    {
        node.Forget(successor, silent);
        Ring.Remove(successor, silent);
        if (silent && Ring.Predecessor?.Id == successor.Id)
        {
            node.Membership.PredecessorLost();
        }

        node.Membership.Changed();
        Run();
    }

    private void Notify(ChordContact successor) =>
        node.Call(successor.Node, new NotifyRequest(Ring.Self), node.Parameters.CallTimeout, reply =>
        {
            if (node.Contacts.Accepts(reply?.Predecessor))
            {
                OnHint(reply!.Predecessor!);
            }
        });

    private void Ask(ChordContact contact, Action<StateReply?> apply)
    {
        IsAsking = true;
        node.Call(contact.Node, new StateRequest(), node.Parameters.CallTimeout, reply =>
        {
            IsAsking = false;
            if (reply is not null)
            {
                node.Contacts.Trust(contact);
            }

            if (Ring.IsMember)
            {
                apply(reply);
                FollowHint();
            }
        });
    }

    private void FollowHint()
    {
        if (!IsAsking && _hint is { } candidate)
        {
            _hint = null;
            if (Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, Ring.Successor.Id))
            {
                FromPredecessor(candidate);
            }
        }
    }
}
