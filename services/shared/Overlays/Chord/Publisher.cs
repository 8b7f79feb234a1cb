using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Keeps the postings of this peer's files in the ring: one under the key of each word of the name and one under the key of the
/// content id, refreshed at a third of their lease. Runs at virtual node 0. Batches by owner, several owners at a time.
/// </summary>
internal sealed class Publisher
{
    private const int OwnersMax = 4096;
    private const double RefreshJitter = 0.1;
    private const double RetryJitter = 0.5;

    private readonly ChordNode _node;
    private readonly ChordParameters _parameters;
    private readonly OwnerCache _owners;
    private readonly Dictionary<(NodeId Key, Posting Posting), Item> _items = [];
    private readonly List<Waiting> _waiting = [];
    private readonly HashSet<NodeId> _lookingUp = [];
    private int _storing;
    private bool _retrying;
    private bool _stopped;
    private long _version;

    public Publisher(ChordNode node)
    {
        _node = node;
        _parameters = node.Parameters;
        _owners = new OwnerCache(node.Ring.Space, OwnersMax);
    }

    /// <summary>What is not in the ring yet; null when all is.</summary>
    public string? Pending =>
        _items.Values.Count(item => !item.WasStored) is var missing && missing > 0 ? $"publishing {missing} of {_items.Count} postings" : null;

    public void Start() => RefreshLater();

    /// <summary>Shares files. Calls back when all their postings are stored, or with NotYet at the deadline.</summary>
    public void Share(IReadOnlyList<SharedFile> files, Action<Done> done) => Change(files, removed: false, done);

    /// <summary>Withdraws files under all their names in the list.</summary>
    public void Unshare(IReadOnlyList<SharedFile> files, Action<Done> done) => Change(files, removed: true, done);

    /// <summary>Withdraws everything and stops.</summary>
    public void WithdrawAll(Action done)
    {
        var version = NextVersion();
        foreach (var item in _items.Values)
        {
            item.Change(version, removed: true);
        }

        Await([.. _items.Values], _ =>
        {
            _stopped = true;
            done();
        });
        Pump();
    }

    /// <summary>The keys under which a file can be found.</summary>
    public static IEnumerable<NodeId> KeysOf(RingSpace space, string name, string contentId) =>
        SearchTerms.Words(name).Append(contentId).Select(space.Hash).Distinct();

    private void Change(IReadOnlyList<SharedFile> files, bool removed, Action<Done> done)
    {
        var version = NextVersion();
        var changed = new List<Item>();
        foreach (var file in files)
        {
            var posting = Posting.Of(file, _node.Self.App);
            foreach (var key in KeysOf(_node.Ring.Space, file.Name, file.ContentId))
            {
                if (!_items.TryGetValue((key, posting), out var item))
                {
                    if (removed)
                    {
                        continue;
                    }

                    _items[(key, posting)] = item = new Item(key, posting);
                }

                item.Change(version, removed);
                changed.Add(item);
            }
        }

        Await(changed, done);
        Pump();
    }

    private void Await(List<Item> items, Action<Done> done)
    {
        var waiting = new Waiting(items, done);
        waiting.Timer = _node.After(_parameters.LookupDeadline, () =>
        {
            _waiting.Remove(waiting);
            done(Done.NotYet);
        });
        _waiting.Add(waiting);
    }

    private long NextVersion() => _version = Math.Max(_version + 1, _node.Now.ToUnixTimeMilliseconds());

    private void RefreshLater() => _node.After(_node.Random.NextAround(_parameters.PostingLease / 3, RefreshJitter), () =>
    {
        if (!_stopped)
        {
            var version = NextVersion();
            foreach (var item in _items.Values.Where(item => !item.Removed))
            {
                item.Change(version, removed: false);
            }

            Pump();
            RefreshLater();
        }
    });

    /// <summary>Sends what is due to the owners that are known, and looks the owners of the rest up, a bounded number at a time.</summary>
    private void Pump()
    {
        if (_stopped)
        {
            return;
        }

        Settle();
        if (!_node.Membership.IsSettled)
        {
            RetryLater();
            return;
        }

        var unknown = new List<NodeId>();
        var batches = new Dictionary<NodeId, (ChordContact Owner, List<Item> Items)>();
        foreach (var item in _items.Values.Where(item => item.IsDue))
        {
            if (_owners.Find(item.Key) is not { } owner)
            {
                unknown.Add(item.Key);
            }
            else
            {
                batches.TryAdd(owner.Id, (owner, []));
                batches[owner.Id].Items.Add(item);
            }
        }

        foreach (var (owner, items) in batches.Values)
        {
            foreach (var batch in items.Chunk(_parameters.BatchSize))
            {
                if (_storing < _parameters.PublishWidth)
                {
                    Store(owner, batch);
                }
            }
        }

        foreach (var key in _node.Random.Sample(unknown.Distinct().Where(key => !_lookingUp.Contains(key)), Math.Max(0, _parameters.PublishWidth - _lookingUp.Count)))
        {
            LookUp(key);
        }
    }

    private void LookUp(NodeId key)
    {
        _lookingUp.Add(key);
        _node.Lookups.Recursive(key, fetch: false, found =>
        {
            _lookingUp.Remove(key);
            if (found.Owner is { } owner)
            {
                _owners.Set(found.OwnerPredecessor!.Value, owner);
                Pump();
            }
            else
            {
                RetryLater();
            }
        });
    }

    private void Store(ChordContact owner, Item[] batch)
    {
        _storing++;
        var sent = batch.Select(item => item.Send((int)_parameters.PostingLease.TotalMilliseconds)).ToList();
        Action<StoreReply?> stored = reply =>
        {
            _storing--;
            var refused = reply?.NotOwned.ToHashSet();
            foreach (var (item, message) in batch.Zip(sent))
            {
                item.Returned(message.Version, refused?.Contains(item.Key) is false);
            }

            if (refused is { Count: 0 })
            {
                Pump();
            }
            else
            {
                _owners.Remove(owner);
                RetryLater();
            }
        };
        if (owner.Id == _node.Ring.Self.Id)
        {
            _node.Keeper.Store(sent, stored);
        }
        else
        {
            _node.Call(owner.Node, new StoreRequest(sent), _parameters.CallTimeout * 2, stored);
        }
    }

    /// <summary>Ends those who wait for postings that are stored now, and forgets withdrawals that are.</summary>
    private void Settle()
    {
        foreach (var ended in _waiting.Where(waiting => waiting.Items.TrueForAll(item => item.IsStored)).ToList())
        {
            _waiting.Remove(ended);
            _node.Cancel(ended.Timer);
            ended.Done(Done.Yes);
        }

        foreach (var item in _items.Values.Where(item => item.Removed && item.IsStored).ToList())
        {
            _items.Remove((item.Key, item.Posting));
        }
    }

    private void RetryLater()
    {
        if (!_retrying)
        {
            _retrying = true;
            _node.After(_node.Random.NextAround(_parameters.RetryDelay, RetryJitter), () =>
            {
                _retrying = false;
                Pump();
            });
        }
    }

    private sealed class Item(NodeId key, Posting posting)
    {
        private long _version;
        private long _storedVersion;
        private bool _underWay;

        public NodeId Key { get; } = key;

        public Posting Posting { get; } = posting;

        public bool Removed { get; private set; }

        /// <summary>Some version of it is in the ring.</summary>
        public bool WasStored => _storedVersion > 0;

        public bool IsStored => _storedVersion == _version;

        public bool IsDue => !IsStored && !_underWay;

        public void Change(long version, bool removed)
        {
            _version = version;
            Removed = removed;
        }

        public StoredPosting Send(int leaseMs)
        {
            _underWay = true;
            return new StoredPosting(Key, Posting, leaseMs, _version, Removed);
        }

        public void Returned(long version, bool stored)
        {
            _underWay = false;
            if (stored)
            {
                _storedVersion = version;
            }
        }
    }

    private sealed class Waiting(List<Item> items, Action<Done> done)
    {
        public List<Item> Items { get; } = items;

        public Action<Done> Done { get; } = done;

        public long Timer { get; set; }
    }
}
