using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// join (Zave 2017): finds the member m after which this node belongs, and takes m's whole list at the moment m answers, while this
/// node is between m and m's successor. Only then is it a member.
/// </summary>
internal sealed class Joining(ChordNode node, BootSession boot, Action becomeMember)
{
    private const int Contacts = 8;
    private const double RetryJitter = 0.5;

    private bool _stopped;

    private RingState Ring => node.Ring;

    /// <summary>Asks BOOT for contacts, or for the order to create the ring, until this node is a member.</summary>
    public void Start()
    {
        if (!_stopped)
        {
            boot.Join(Contacts, reply =>
            {
                if (reply.Creator)
                {
                    Ring.Predecessor = Ring.Self;
                    becomeMember();
                }
                else
                {
                    JoinThrough(new Queue<NodeRef>(reply.Contacts));
                }
            });
        }
    }

    public void Stop() => _stopped = true;

    /// <summary>
    /// Walks a ring from one of its members to the predecessor of this node's id there, as an iterative lookup does.
    /// </summary>
    /// <param name="at">Where to begin.</param>
    /// <param name="steps">At most so many.</param>
    /// <param name="done">Gets the predecessor, and its successor as it says, or nulls.</param>
    public void FindPredecessor(ChordContact at, int steps, Action<ChordContact?, ChordContact?> done) =>
        node.Call(at.Node, new NextHopRequest("", Ring.Self.Id, 0), node.Parameters.CallTimeout, reply =>
        {
            var next = reply?.Candidates.FirstOrDefault(step => node.Contacts.Accepts(step.Contact));
            if (_stopped || steps == 0 || next is null)
            {
                done(null, null);
            }
            else if (next.Aim is LookupAim.Owner)
            {
                done(at, next.Contact);
            }
            else
            {
                FindPredecessor(next.Contact, steps - 1, done);
            }
        });

    private void JoinThrough(Queue<NodeRef> contacts)
    {
        if (!contacts.TryDequeue(out var contact))
        {
            node.After(node.Random.NextAround(node.Parameters.RetryDelay, RetryJitter), Start);
            return;
        }

        FindPredecessor(node.Contacts.Of(contact), node.Parameters.HopLimit, (predecessor, _) =>
        {
            if (predecessor is null)
            {
                JoinThrough(contacts);
            }
            else
            {
                JoinAfter(predecessor, () => JoinThrough(contacts));
            }
        });
    }

    private void JoinAfter(ChordContact predecessor, Action failed) =>
        node.Call(predecessor.Node, new StateRequest(), node.Parameters.CallTimeout, reply =>
        {
            if (_stopped)
            {
                return;
            }

            var successors = node.Contacts.Accepted(reply?.Successors ?? []);
            var next = successors.Count > 0 ? successors[0] : predecessor;
            if (reply?.Status is MemberStatus.Busy)
            {
                node.After(node.Random.NextAround(node.Parameters.BusyDelay, RetryJitter), () => JoinAfter(predecessor, failed));
            }
            else if (reply?.Status is MemberStatus.Member && Ring.Space.IsBetween(predecessor.Id, Ring.Self.Id, next.Id))
            {
                var whole = !node.Parameters.Defects.HasFlag(PlantedDefects.JoinsWithSuccessorOnly);
                Ring.Follow(next, whole ? successors.Skip(1) : []);
                Ring.Predecessor = whole ? predecessor : null;
                becomeMember();
            }
            else
            {
                failed();
            }
        });
}
