using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Keeps postings where they belong: on the owner of their key and on the next k - 1 successors on distinct peers, through joins,
/// leaves and failures (ToN 2003, section IV-E-3; replicas on distinct hosts since virtual nodes of a host fail together).
/// </summary>
internal sealed class Keeper
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);

    /// <summary>Tries to bring a key to its owner; after that its publisher's next refresh does.</summary>
    private const int RehomeTries = 5;

    private readonly ChordNode _node;
    private readonly ChordParameters _parameters;
    private readonly PostingStore _store;
    private bool _repairing;
    private bool _sweeping;

    public Keeper(ChordNode node)
    {
        _node = node;
        _parameters = node.Parameters;
        _store = new PostingStore(_parameters);
    }

    private RingState Ring => _node.Ring;

    /// <summary>Keys owned here.</summary>
    public int OwnedKeys => _store.CountKeys(Ring.Owns, _node.Now);

    /// <summary>Keys held for other owners.</summary>
    public int ReplicaKeys => _store.CountKeys(key => !Ring.Owns(key), _node.Now);

    /// <summary>
    /// Live postings under a key. While keys are still being handed over, the successor is asked as well: missing here is not missing. One
    /// that does not answer is not missing either: whoever follows it is asked, until the hand-over has ended.
    /// </summary>
    public void Read(NodeId key, bool wanted, Action<IReadOnlyList<Posting>> done)
    {
        if (!wanted)
        {
            done([]);
        }
        else if (!_node.Arrivals.MayBeOnTheWay(key) || Ring.IsAlone)
        {
            done(_store.Read(key, _node.Now));
        }
        else
        {
            ReadBoth(key, done);
        }
    }

    /// <summary>Answers for a key: whether it is owned here, and what is held under it.</summary>
    public void OnFetch(Input.Request request, FetchRequest fetch)
    {
        var owned = Ring.Owns(fetch.Key) || (Ring.IsMember && fetch.Aim is LookupAim.Owner && _node.IsPredecessorInDoubt);
        if (fetch.LookupId.Length == 0)
        {
            _node.Respond(request.RequestId, new FetchReply(owned, Ring.Predecessor, _store.Read(fetch.Key, _node.Now)));
            return;
        }

        _node.MarkHop(request.RequestId, _node.MarkOf(request.From, fetch.LookupId, fetch.HopIndex));
        Read(fetch.Key, owned, postings => _node.Respond(request.RequestId, new FetchReply(owned, Ring.Predecessor, postings)));
    }

    /// <summary>Stores what is owned here, copies it to the replicas, and calls back when they have answered or have not in time.</summary>
    public void Store(IReadOnlyList<StoredPosting> items, Action<StoreReply> done)
    {
        var owned = items.Where(item => Ring.Owns(item.Key)).ToList();
        foreach (var item in owned)
        {
            Put(item);
        }

        List<NodeId> refused = [.. items.Select(item => item.Key).Distinct().Where(key => !Ring.Owns(key))];
        Copy(owned, Ring.DistinctPeers(_parameters.Replication - 1), () => done(new StoreReply(refused, Ring.Predecessor?.Id)));
    }

    /// <summary>Copies from an owner.</summary>
    public void Replicate(ReplicateRequest request)
    {
        foreach (var item in request.Items)
        {
            Put(item);
        }
    }

    /// <summary>
    /// A batch of the postings in (from, to], in the order of the ring.
    /// </summary>
    /// <returns>The postings, and the last key of the batch if more follow.</returns>
    public (List<StoredPosting> Items, NodeId? Next) Batch(NodeId from, NodeId to)
    {
        var items = new List<StoredPosting>();
        NodeId? last = null;
        var inRange = _store.Items(key => Ring.Space.IsInHalfOpen(from, key, to), _node.Now);
        foreach (var item in inRange.OrderBy(item => unchecked(Ring.Space.Distance(from, item.Key) - 1)))
        {
            if (items.Count >= _parameters.BatchSize && item.Key != last)
            {
                return (items, last);
            }

            items.Add(item);
            last = item.Key;
        }

        return (items, null);
    }

    /// <summary>
    /// Sends the keys in (from, to], which this node does not own any more, to whoever does. The new predecessor has asked for its own,
    /// but others may be on the way between it and the old one, and have asked somebody else.
    /// </summary>
    public void GiveAway(NodeId from, NodeId to) =>
        Rehome([.. _store.Items(key => Ring.Space.IsInHalfOpen(from, key, to), _node.Now)], RehomeTries);

    /// <summary>Copies what is owned here to its replicas again, soon and once for many changes.</summary>
    public void RepairSoon()
    {
        if (!_repairing)
        {
            _repairing = true;
            _node.After(_node.Random.NextAround(_parameters.RepairDelay, 0.5), () =>
            {
                _repairing = false;
                if (Ring.IsMember)
                {
                    Copy([.. _store.Items(Ring.Owns, _node.Now)], Ring.DistinctPeers(_parameters.Replication - 1), () => { });
                }
            });
        }
    }

    /// <summary>
    /// Before leaving: everything owned here goes to the nodes that come next, on other peers, and to the successor in any case: a virtual
    /// node of the same peer owns it until it leaves in its turn.
    /// </summary>
    public void HandAllOver(Action done)
    {
        var heirs = Ring.Successors.Take(1).Concat(Ring.DistinctPeers(_parameters.Replication)).DistinctBy(contact => contact.Id);
        Copy([.. _store.Items(key => Ring.Owns(key) || Ring.Predecessor is null, _node.Now)], heirs, done);
    }

    private void ReadBoth(NodeId key, Action<IReadOnlyList<Posting>> done) =>
        _node.Call(Ring.Successor.Node, new FetchRequest("", key, 0), _parameters.CallTimeout, reply =>
        {
            if (reply is null)
            {
                _node.After(_node.Random.NextAround(_parameters.RetryDelay, 0.5), () => Read(key, wanted: true, done));
            }
            else
            {
                done([.. _store.Read(key, _node.Now).Union(reply.Postings)]);
            }
        });

    private void Rehome(List<StoredPosting> items, int tries)
    {
        if (items.Count == 0 || tries == 0 || !Ring.IsMember)
        {
            return;
        }

        var key = items[0].Key;
        _node.Lookups.Recursive(key, fetch: false, found =>
        {
            if (found.Owner is not { } owner || found.OwnerPredecessor is not { } from)
            {
                _node.After(_node.Random.NextAround(_parameters.RetryDelay, 0.5), () => Rehome(items, tries - 1));
                return;
            }

            var owned = items.Where(item => Ring.Space.IsInHalfOpen(from, item.Key, owner.Id)).ToList();
            Rehome([.. items.Except(owned)], tries);
            if (owner.Id == Ring.Self.Id)
            {
                return;
            }

            foreach (var batch in owned.Chunk(_parameters.BatchSize))
            {
                _node.Call(owner.Node, new StoreRequest(batch), _parameters.CallTimeout * 2, reply =>
                {
                    var refused = reply is null ? [.. batch] : batch.Where(item => reply.NotOwned.Contains(item.Key)).ToList();
                    _node.After(_node.Random.NextAround(_parameters.RetryDelay, 0.5), () => Rehome(refused, tries - 1));
                });
            }
        });
    }

    private void Copy(IReadOnlyList<StoredPosting> items, IEnumerable<ChordContact> replicas, Action done)
    {
        var waiting = 1;
        Action answered = () =>
        {
            if (--waiting == 0)
            {
                done();
            }
        };
        foreach (var replica in replicas.ToList())
        {
            foreach (var batch in items.Chunk(_parameters.BatchSize))
            {
                waiting++;
                _node.Call(replica.Node, new ReplicateRequest(batch), _parameters.CallTimeout, _ => answered());
            }
        }

        answered();
    }

    private void Put(StoredPosting item)
    {
        _store.Put(item, _node.Now);
        if (!_sweeping)
        {
            _sweeping = true;
            _node.After(_node.Random.NextAround(SweepInterval, 0.2), Sweep);
        }
    }

    private void Sweep()
    {
        _store.Expire(_node.Now);
        _sweeping = !_store.IsEmpty;
        if (_sweeping)
        {
            _node.After(_node.Random.NextAround(SweepInterval, 0.2), Sweep);
        }
    }
}
