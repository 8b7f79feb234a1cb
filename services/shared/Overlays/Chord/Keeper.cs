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
    private long _takeOver;

    public Keeper(ChordNode node)
    {
        _node = node;
        _parameters = node.Parameters;
        _store = new PostingStore(_parameters.PostingsPerKeyMax);
    }

    /// <summary>True from joining until the successor has handed over the keys that are this node's now.</summary>
    public bool IsTakingOver { get; private set; }

    private RingState Ring => _node.Ring;

    /// <summary>Records of keys held here.</summary>
    public IReadOnlyList<KeyRecord> Records { get; } = [];

    /// <summary>Keys owned here.</summary>
    public int OwnedKeys => _store.CountKeys(Ring.Owns, _node.Now);

    /// <summary>Keys held for other owners.</summary>
    public int ReplicaKeys => _store.CountKeys(key => !Ring.Owns(key), _node.Now);

    public void Start() => _node.After(_node.Random.NextAround(SweepInterval, 0.2), Sweep);

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
        else if (!IsTakingOver || Ring.IsAlone)
        {
            done(_store.Read(key, _node.Now));
        }
        else
        {
            _node.Call(Ring.Successor.Node, new FetchRequest("", key, 0), _parameters.CallTimeout, reply =>
            {
                if (reply is null)
                {
                    _node.After(_node.Random.NextAround(_parameters.RetryDelay, 0.5), () => Read(key, wanted, done));
                }
                else
                {
                    done([.. _store.Read(key, _node.Now).Union(reply.Postings)]);
                }
            });
        }
    }

    /// <summary>Answers for a key: whether it is owned here, and what is held under it.</summary>
    public void OnFetch(Input.Request request, FetchRequest fetch)
    {
        var owned = Ring.Owns(fetch.Key);
        if (fetch.LookupId.Length == 0)
        {
            _node.Respond(request.RequestId, new FetchReply(owned, Ring.Predecessor?.Id, _store.Read(fetch.Key, _node.Now)));
            return;
        }

        _node.MarkHop(request.RequestId, _node.MarkOf(request.From, fetch.LookupId, fetch.HopIndex));
        Read(fetch.Key, owned, postings =>
            _node.Respond(request.RequestId, new FetchReply(owned, owned ? Ring.Predecessor?.Id ?? Ring.Self.Id : null, postings)));
    }

    /// <summary>Stores what is owned here, copies it to the replicas, and calls back when they have answered or have not in time.</summary>
    public void Store(IReadOnlyList<StoredPosting> items, Action<StoreReply> done)
    {
        var owned = items.Where(item => Ring.Owns(item.Key)).ToList();
        foreach (var item in owned)
        {
            _store.Put(item, _node.Now);
        }

        List<NodeId> refused = [.. items.Select(item => item.Key).Distinct().Where(key => !Ring.Owns(key))];
        Copy(owned, Ring.DistinctPeers(_parameters.Replication - 1), () => done(new StoreReply(refused, Ring.Predecessor?.Id)));
    }

    /// <summary>Copies from an owner.</summary>
    public void Replicate(ReplicateRequest request)
    {
        foreach (var item in request.Items)
        {
            _store.Put(item, _node.Now);
        }
    }

    /// <summary>
    /// A batch of the keys in (from, to], for the node that owns them now. That node is a predecessor from this moment, so that nothing
    /// is stored here for it after it has been given what there was.
    /// </summary>
    public HandOverReply HandOver(NodeRef taker, HandOverRequest request)
    {
        if (!Ring.IsMember)
        {
            return new HandOverReply(false, [], null);
        }

        if (_node.Contacts.Of(taker) is var contact && contact.Id == request.To)
        {
            _node.Membership.Rectify(contact);
        }

        var items = new List<StoredPosting>();
        NodeId? last = null;
        foreach (var item in _store.Items(key => Ring.Space.IsInHalfOpen(request.From, key, request.To), _node.Now))
        {
            if (request.After is { } after && item.Key <= after)
            {
                continue;
            }

            if (items.Count >= _parameters.BatchSize && item.Key != last)
            {
                return new HandOverReply(true, items, last);
            }

            items.Add(item);
            last = item.Key;
        }

        return new HandOverReply(true, items, null);
    }

    /// <summary>
    /// Asks the successor for the keys that are this node's: after joining, and each time a nearer successor is found, which may have
    /// been taken for their owner until then.
    /// </summary>
    public void TakeOver()
    {
        if (!Ring.IsAlone)
        {
            IsTakingOver = true;
            TakeOver(++_takeOver, Ring.Predecessor?.Id ?? Ring.Successor.Id, null, new Queue<ChordContact>(Ring.Successors));
        }
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

    private void TakeOver(long run, NodeId from, NodeId? after, Queue<ChordContact> givers)
    {
        if (run != _takeOver)
        {
            return;
        }

        if (!Ring.IsMember || !givers.TryPeek(out var giver))
        {
            IsTakingOver = false;
            return;
        }

        _node.Call(giver.Node, new HandOverRequest(from, Ring.Self.Id, after), _parameters.CallTimeout * 2, reply =>
        {
            if (reply is not { Accepted: true })
            {
                givers.Dequeue();
                TakeOver(run, from, null, givers);
                return;
            }

            Replicate(new ReplicateRequest(reply.Items));
            if (reply.Next is { } next)
            {
                TakeOver(run, from, next, givers);
            }
            else if (run == _takeOver)
            {
                IsTakingOver = false;
                RepairSoon();
            }
        });
    }

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

    private void Sweep()
    {
        _store.Expire(_node.Now);
        Start();
    }
}
