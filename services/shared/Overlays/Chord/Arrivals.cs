using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Keys that this node owns and may not have yet. After joining, and when a nearer successor is found, its successor hands over
/// (predecessor, self]. After its predecessor failed, its replicas are asked for what that one owned. Until then missing here is not missing.
/// A hand-over is doubtful when the giver had not owned all of it: the owner of the rest may have died just before, or the giver have come
/// later. Then the other replicas are asked as well.
/// </summary>
internal sealed class Arrivals(ChordNode node, KeyStore keys)
{
    private const int DoubtsMax = 64;

    private readonly List<(NodeId From, NodeId To)> _inherited = [];
    private readonly List<(NodeId From, NodeId To, DateTimeOffset End)> _doubts = [];
    private long _run;
    private NodeId _from;
    private DateTimeOffset _giveUp;
    private bool _doubtful;

    /// <summary>Keys are being handed over.</summary>
    public bool IsTakingOver { get; private set; }

    private RingState Ring => node.Ring;

    /// <summary>Whether a key that is owned here may be held by another node only.</summary>
    public bool MayBeOnTheWay(NodeId key) =>
        !node.Parameters.Defects.HasFlag(PlantedDefects.AnswersBeforeHandOver)
        && ((IsTakingOver && Ring.IsInOwned(_from, key)) || (_inherited.Count > 0 && IsInherited(key)));

    /// <summary>
    /// Whether a key that is owned here belonged to a node that stopped answering a short time ago. It may hang, as may others that hold copies
    /// and stood between: that nobody here holds the key does not say that there is none.
    /// </summary>
    public bool IsInDoubt(NodeId key)
    {
        _doubts.RemoveAll(range => range.End <= node.Now);
        return _doubts.Exists(range => Ring.Space.IsInHalfOpen(range.From, key, range.To));
    }

    /// <summary>Asks the successor for the keys that are this node's.</summary>
    public void TakeOver()
    {
        if (!Ring.IsAlone)
        {
            _doubtful |= IsTakingOver;
            IsTakingOver = true;
            _from = Ring.Predecessor?.Id ?? Ring.Successor.Id;
            _giveUp = node.Now + node.Parameters.LookupDeadline;
            Ask(++_run, _from, new Queue<ChordContact>(Ring.Successors));
        }
    }

    /// <summary>
    /// This node owns (from, to] now, since its owner is gone: compares with the other replicas before it answers. Others that joined at this
    /// place may have come between, so that not only the next k - 1 are asked.
    /// </summary>
    /// <param name="from">The predecessor now.</param>
    /// <param name="to">End of what that owner owned.</param>
    /// <param name="silent">That owner stopped answering; it did not leave.</param>
    public void Inherit(NodeId from, NodeId to, bool silent)
    {
        if (silent)
        {
            _doubts.RemoveAll(range => range.End <= node.Now);
            _doubts.RemoveRange(0, Math.Max(0, _doubts.Count + 1 - DoubtsMax));
            _doubts.Add((from, to, node.Now + node.Parameters.DoubtTime));
        }

        var replicas = Ring.DistinctPeers(int.MaxValue).ToList();
        var waiting = replicas.Count;
        if (waiting == 0)
        {
            return;
        }

        _inherited.Add((from, to));
        foreach (var replica in replicas)
        {
            node.KeyRepair.Compare(replica, from, to, _ =>
            {
                if (--waiting == 0)
                {
                    _inherited.Remove((from, to));
                }
            });
        }
    }

    /// <summary>
    /// Gives a batch of the keys in (From, To] to the node that owns them now. That node is the predecessor from this moment, so that nothing
    /// is written here for it after it has been given what there was.
    /// </summary>
    public HandOverReply Give(NodeRef taker, HandOverRequest request)
    {
        if (!Ring.IsMember)
        {
            return Without(HandOverStatus.NotMember);
        }

        var contact = node.Contacts.Of(taker);
        if (contact.Id != request.To)
        {
            return Without(HandOverStatus.Busy);
        }

        var whole = Ring.Predecessor is { } before && before.Id != contact.Id && !Ring.Space.IsBetween(request.From, before.Id, contact.Id)
            && !IsTakingOver && _inherited.Count == 0;
        node.Membership.Rectify(contact);
        if (Ring.Predecessor is { } nearer && nearer.Id != contact.Id)
        {
            return node.Contacts.IsSuspect(nearer, node.Now) || !Ring.Space.IsBetween(contact.Id, nearer.Id, Ring.Self.Id)
                ? Without(HandOverStatus.Busy)
                : Without(HandOverStatus.Elsewhere) with { Nearer = nearer };
        }

        if (IsTakingOver && Ring.Space.IsBetween(_from, contact.Id, Ring.Self.Id) && node.Now < _giveUp)
        {
            return Without(HandOverStatus.Busy);
        }

        var records = Batches.Of(keys.InRange(request.From, request.To), node.Parameters.BatchSize).FirstOrDefault([]);
        var cut = records.Count > 0 && keys.InRange(request.From, request.To).Skip(records.Count).Any() ? records[^1].Id : (NodeId?)null;
        var (items, next) = node.Keeper.Batch(request.From, cut ?? request.To);
        if (next is { } last)
        {
            records = [.. records.Where(record => Ring.Space.IsInHalfOpen(request.From, record.Id, last))];
        }

        return new HandOverReply(HandOverStatus.Given, items, records, next ?? cut, null, whole);
    }

    private bool IsInherited(NodeId key) => _inherited.Exists(range => Ring.Space.IsInHalfOpen(range.From, key, range.To));

    private static HandOverReply Without(HandOverStatus status) => new(status, [], [], null, null, false);

    private void Ask(long run, NodeId from, Queue<ChordContact> givers)
    {
        if (run != _run)
        {
            return;
        }

        if (!Ring.IsMember || !givers.TryPeek(out var giver))
        {
            IsTakingOver = _doubtful = false;
            return;
        }

        node.Call(giver.Node, new HandOverRequest(from, Ring.Self.Id), node.Parameters.CallTimeout * 2, reply =>
        {
            if (run != _run)
            {
                return;
            }

            switch (reply?.Status)
            {
                case HandOverStatus.Given:
                    Take(run, from, givers, reply);
                    break;
                case HandOverStatus.Busy when node.Now < _giveUp:
                    node.After(node.Random.NextAround(node.Parameters.BusyDelay, 0.5), () => Ask(run, from, givers));
                    break;
                case HandOverStatus.Elsewhere when node.Now < _giveUp && node.Contacts.Accepts(reply.Nearer):
                    _doubtful = true;
                    node.Membership.OnHint(reply.Nearer!);
                    node.After(
                        node.Random.NextAround(node.Parameters.BusyDelay, 0.5),
                        () => Ask(run, from, new Queue<ChordContact>(givers.Prepend(reply.Nearer!).DistinctBy(contact => contact.Id))));
                    break;
                default:
                    _doubtful = true;
                    givers.Dequeue();
                    Ask(run, from, givers);
                    break;
            }
        });
    }

    private void Take(long run, NodeId from, Queue<ChordContact> givers, HandOverReply reply)
    {
        _doubtful |= from == _from && !reply.Whole;
        node.Keeper.Replicate(new ReplicateRequest(reply.Items));
        node.KeyOwner.Adopt(reply.Records);

        if (reply.Next is { } next && next != from)
        {
            Ask(run, next, givers);
        }
        else
        {
            IsTakingOver = false;
            if (_doubtful)
            {
                _doubtful = false;
                Inherit(_from, Ring.Self.Id, silent: false);
            }

            node.Keeper.RepairSoon();
            node.KeyRepair.Soon();
        }
    }
}
