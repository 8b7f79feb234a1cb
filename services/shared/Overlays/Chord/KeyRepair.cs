using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Anti-entropy: the owner compares digests of its range with each of its k - 1 replicas, halving ranges that differ until the stamps
/// fit one message, and copies what is later in either direction. Records that no owner speaks of are brought to their owner and dropped.
/// </summary>
internal sealed class KeyRepair(ChordNode node, KeyStore store)
{
    private const int StampsMax = 256;
    private const double Jitter = 0.2;
    private const int OrphanIntervals = 2;

    private bool _repairing;

    private RingState Ring => node.Ring;

    /// <summary>Begins to compare periodically.</summary>
    public void Start() => node.After(node.Random.NextAround(node.Parameters.KeySyncInterval, Jitter), () =>
    {
        Start();
        store.Expire();
        if (Ring.IsMember && node.Parameters.Repairs)
        {
            Repair();
            BringHome();
        }
    });

    /// <summary>Compares soon, once for many changes of neighbours.</summary>
    public void Soon()
    {
        if (!_repairing && store.Count > 0)
        {
            _repairing = true;
            node.After(node.Random.NextAround(node.Parameters.RepairDelay, 0.5), () =>
            {
                _repairing = false;
                if (Ring.IsMember)
                {
                    Repair();
                }
            });
        }
    }

    /// <summary>Compares (from, to] with one replica.</summary>
    /// <param name="done">Gets whether the two hold the same now.</param>
    public void Compare(ChordContact replica, NodeId from, NodeId to, Action<bool> done)
    {
        var mine = store.InRange(from, to).ToList();
        node.Call(replica.Node, new KeySyncRequest(from, to, KeyStore.DigestOf(mine)), node.Parameters.CallTimeout, reply =>
        {
            if (reply is null or { Status: KeySyncStatus.NotMember } || !Ring.IsMember)
            {
                done(false);
            }
            else if (reply.Status is KeySyncStatus.Split)
            {
                var half = Ring.Space.Add(from, Ring.Space.Distance(from, to) is var width && width == 0 ? UInt128.One << (Ring.Space.Bits - 1) : width / 2);
                Compare(replica, from, half, first => Compare(replica, half, to, second => done(first && second)));
            }
            else
            {
                Exchange(replica, [.. store.InRange(from, to)], reply, done);
            }
        });
    }

    /// <summary>Answers an owner.</summary>
    public KeySyncReply OnSync(KeySyncRequest request)
    {
        if (!Ring.IsMember || node.IsLeaving)
        {
            return new KeySyncReply(KeySyncStatus.NotMember, []);
        }

        var mine = store.InRange(request.From, request.To).ToList();
        foreach (var record in mine)
        {
            store.Confirm(record.Id, record.Key);
        }

        return KeyStore.DigestOf(mine) == request.Digest ? new KeySyncReply(KeySyncStatus.Same, [])
            : mine.Count > StampsMax && Ring.Space.Distance(request.From, request.To) != 1 ? new KeySyncReply(KeySyncStatus.Split, [])
            : new KeySyncReply(KeySyncStatus.Differs, [.. mine.Select(record => new KeyStamp(record.Key, record.Version))]);
    }

    /// <summary>
    /// Before leaving: every record, also those of other owners, which may have no other copy just now, goes to k successors on distinct
    /// peers, in rounds until all have taken it, at the latest until a deadline. Others that are leaving take none; when nobody takes any
    /// and the list of successors stays as it is, all are leaving.
    /// </summary>
    public void HandAllOver(DateTimeOffset deadline, Action done)
    {
        var isAlone = !Ring.DistinctPeers(node.Parameters.Replication).Any();
        HandOver(new Queue<List<KeyRecord>>(isAlone ? [] : Batches.Of(store.All, node.Parameters.BatchSize)), deadline, (Ring.Version, node.Now), done);
    }

    private void HandOver(Queue<List<KeyRecord>> batches, DateTimeOffset deadline, (long Version, DateTimeOffset Since) refused, Action done)
    {
        if (!batches.TryPeek(out var records) || node.Now >= deadline || node.Now - refused.Since > node.Parameters.LeavePatience)
        {
            done();
            return;
        }

        var wanted = Ring.DistinctPeers(node.Parameters.Replication).Count();
        node.KeyOwner.Copy(records, wanted, held =>
        {
            var isTaken = held > 0 && held >= wanted;
            if (isTaken)
            {
                batches.Dequeue();
            }

            var isRefused = held == 0 && Ring.Version == refused.Version;
            var since = isRefused ? refused : (Ring.Version, node.Now);
            var delay = isTaken ? TimeSpan.Zero : node.Random.NextAround(node.Parameters.RetryDelay, Jitter);
            node.After(delay, () => HandOver(batches, deadline, since, done));
        });
    }

    private void Exchange(ChordContact replica, List<KeyRecord> mine, KeySyncReply reply, Action<bool> done)
    {
        if (reply.Status is KeySyncStatus.Same)
        {
            done(true);
            return;
        }

        var theirs = reply.Stamps.ToDictionary(stamp => stamp.Key, stamp => stamp.Version, StringComparer.Ordinal);
        var own = mine.ToDictionary(record => record.Key, record => record.Version, StringComparer.Ordinal);
        var push = mine.Where(record => !theirs.TryGetValue(record.Key, out var version) || version < record.Version);
        var pull = reply.Stamps.Where(stamp => !own.TryGetValue(stamp.Key, out var version) || version < stamp.Version).Select(stamp => stamp.Key);
        Pull(replica, new Queue<string[]>(pull.Chunk(node.Parameters.PullSize)), pulled =>
            Push(replica, new Queue<List<KeyRecord>>(Batches.Of(push, node.Parameters.BatchSize)), pushed => done(pulled && pushed)));
    }

    private void Pull(ChordContact replica, Queue<string[]> batches, Action<bool> done)
    {
        if (!batches.TryDequeue(out var keys))
        {
            done(true);
            return;
        }

        node.Call(replica.Node, new KeyPullRequest(keys), node.Parameters.CallTimeout * 2, reply =>
        {
            if (reply is null)
            {
                done(false);
            }
            else
            {
                node.KeyOwner.Adopt(reply.Records);
                Pull(replica, batches, done);
            }
        });
    }

    private void Push(ChordContact replica, Queue<List<KeyRecord>> batches, Action<bool> done)
    {
        if (!batches.TryDequeue(out var records))
        {
            done(true);
            return;
        }

        node.Call(replica.Node, new KeyCopyRequest(records), node.Parameters.CallTimeout * 2, reply =>
        {
            if (reply is { Kept: true })
            {
                Push(replica, batches, done);
            }
            else
            {
                done(false);
            }
        });
    }

    /// <summary>
    /// This node does not own (from, to] any more. Whoever does has asked its successor, which after a network was cut in two need not be this
    /// node: compares with the owner, soon.
    /// </summary>
    public void GiveAway(NodeId from, NodeId to) => node.After(node.Random.NextAround(node.Parameters.RepairDelay * 2, 0.5), () =>
    {
        if (Ring.IsMember && !Ring.IsAlone && store.InRange(from, to).FirstOrDefault() is { } first)
        {
            node.Lookups.Recursive(first.Id, fetch: false, found =>
            {
                if (found.Owner is { } owner && found.OwnerPredecessor is { } start && owner.Id != Ring.Self.Id)
                {
                    var begin = Ring.Space.IsBetween(from, start, to) ? start : from;
                    var end = Ring.Space.IsBetween(begin, owner.Id, to) ? owner.Id : to;
                    Compare(owner, begin, end, _ =>
                    {
                        if (end != to)
                        {
                            GiveAway(end, to);
                        }
                    });
                }
            });
        }
    });

    private void Repair()
    {
        if (Ring.Predecessor is not { } predecessor || Ring.IsAlone || node.IsLeaving)
        {
            return;
        }

        foreach (var replica in Ring.DistinctPeers(node.Parameters.Replication - 1).ToList())
        {
            Compare(replica, predecessor.Id, Ring.Self.Id, _ => { });
        }
    }

    /// <summary>The owner of a record confirms it at each comparison: one that is not confirmed is here by an old order of the ring.</summary>
    private void BringHome()
    {
        if (Ring.IsAlone || Ring.Predecessor is null)
        {
            return;
        }

        var orphans = store.Unconfirmed(node.Parameters.KeySyncInterval * OrphanIntervals).Where(record => !Ring.Owns(record.Id)).ToList();
        if (orphans.Count > 0)
        {
            BringHome(orphans);
        }
    }

    private void BringHome(List<KeyRecord> orphans) => node.Lookups.Recursive(orphans[0].Id, fetch: false, found =>
    {
        if (found.Owner is not { } owner || found.OwnerPredecessor is not { } from || owner.Id == Ring.Self.Id)
        {
            return;
        }

        var batch = Batches.Of(orphans.Where(record => Ring.Space.IsInHalfOpen(from, record.Id, owner.Id)), node.Parameters.BatchSize).FirstOrDefault([]);
        if (batch.Count == 0)
        {
            return;
        }

        node.Call(owner.Node, new KeyCopyRequest(batch), node.Parameters.CallTimeout * 2, reply =>
        {
            if (reply is { Kept: true } && Ring.IsMember)
            {
                batch.Where(record => !Ring.Owns(record.Id)).ToList().ForEach(store.Drop);
                List<KeyRecord> rest = [.. orphans.Except(batch)];
                if (rest.Count > 0)
                {
                    BringHome(rest);
                }
            }
        });
    });
}
