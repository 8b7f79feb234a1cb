using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// The owner of a key takes writes in the order of their versions, decides compare-and-set, and keeps k - 1 copies on successors on distinct
/// peers. It answers neither reads nor writes of keys that may still be on their way to it.
/// </summary>
internal sealed class KeyOwner(ChordNode node, KeyStore store)
{
    private const int OperationsRemembered = 1024;
    private const int Looks = 10;

    private readonly Dictionary<KeyVersion, Operation> _operations = [];
    private readonly Queue<KeyVersion> _operationOrder = new();
    private readonly PeerPoll _poll = new(node);

    private RingState Ring => node.Ring;

    /// <summary>More than half of k, or of the peers when there are fewer. Those that have vanished count: they may be cut off, as may this one.</summary>
    private int Majority => (Math.Min(node.Parameters.Replication, Ring.Missing.PeersKnown) / 2) + 1;

    /// <summary>Reads a key that is owned here.</summary>
    public void Read(KeyReadRequest request, Action<KeyReply> done)
    {
        var id = Ring.Space.Hash(request.Key);
        if (Refusal(id, request.Quorum) is { } refusal)
        {
            done(new KeyReply(refusal));
            return;
        }

        var replicas = Ring.DistinctPeers(node.Parameters.Replication - 1).ToList();
        var majority = request.Quorum ? Majority : 1;
        if (!request.Quorum || replicas.Count == 0)
        {
            done(majority > 1 ? new KeyReply(KeyStatus.TooFew) : new KeyReply(KeyStatus.Ok, Value(id, request.Key), 1));
            return;
        }

        Compare(request.Key, replicas, copies =>
        {
            if (copies == replicas.Count || copies + 1 < majority)
            {
                EndRead(request, id, replicas, copies, majority, done);
                return;
            }

            _poll.Ask(areMostHere =>
            {
                if (areMostHere)
                {
                    EndRead(request, id, replicas, copies, majority, done);
                }
                else
                {
                    done(new KeyReply(KeyStatus.Busy));
                }
            });
        });
    }

    private void EndRead(KeyReadRequest request, NodeId id, List<ChordContact> replicas, int copies, int majority, Action<KeyReply> done)
    {
        var known = store.Find(id, request.Key) is not null;
        var further = known ? [] : Ring.DistinctPeers(int.MaxValue).Skip(replicas.Count).ToList();
        Action<int> answer = told => done(Refusal(id, request.Quorum) is { } late ? new KeyReply(late)
            : copies + 1 < majority ? new KeyReply(KeyStatus.TooFew, null, copies + 1)
            : store.Find(id, request.Key) is null && (copies + told < replicas.Count + further.Count || node.Arrivals.IsInDoubt(id))
                ? new KeyReply(KeyStatus.Busy)
            : new KeyReply(KeyStatus.Ok, Value(id, request.Key), copies + 1));
        if (further.Count == 0)
        {
            answer(0);
        }
        else
        {
            // Nodes that joined at this place in numbers may have come between the owner that was and its copies: missing at k is not missing yet.
            Compare(request.Key, further, answer);
        }
    }

    /// <summary>Takes in what other nodes hold of a key. Calls back with how many have answered.</summary>
    private void Compare(string key, List<ChordContact> others, Action<int> done)
    {
        var answers = 0;
        var waiting = others.Count;
        foreach (var other in others)
        {
            node.Call(other.Node, new KeyPullRequest([key]), node.Parameters.CallTimeout, reply =>
            {
                answers += reply is null ? 0 : 1;
                Adopt(reply?.Records ?? []);

                if (--waiting == 0)
                {
                    done(answers);
                }
            });
        }
    }

    /// <summary>Writes a key that is owned here.</summary>
    public void Write(KeyWriteRequest request, Action<KeyReply> done)
    {
        var id = Ring.Space.Hash(request.Key);
        if (_operations.TryGetValue(request.Version, out var earlier))
        {
            earlier.Await(done);
            return;
        }

        if (Refusal(id, request.Quorum) is { } refusal)
        {
            done(new KeyReply(refusal));
            return;
        }

        var held = store.Find(id, request.Key);
        var current = Value(id, request.Key);
        if (held is null && (request.IfAbsent || request.IfPresent || request.IfVersion is not null) && node.Arrivals.IsInDoubt(id))
        {
            done(new KeyReply(KeyStatus.Busy));
            return;
        }

        var holds = held?.Version == request.Version || ((request.IfVersion is null || current?.Version == request.IfVersion)
            && !(request.IfAbsent && current is not null)
            && !(request.IfPresent && current is null));
        if (!holds)
        {
            done(new KeyReply(KeyStatus.Conflict, current));
            return;
        }

        if (held is not null && held.Version > request.Version)
        {
            done(new KeyReply(KeyStatus.Late, Stamp(held)));
            return;
        }

        var record = new KeyRecord(
            id,
            request.Key,
            request.Version,
            request.Value,
            request.Value is null ? null : request.Version.Milliseconds + request.TtlMs,
            request.Value is null ? request.Version.Milliseconds + (long)node.Parameters.TombstoneTime.TotalMilliseconds : null);
        store.Put(record);
        var operation = Remember(request.Version);
        operation.Await(done);
        if (!request.Quorum)
        {
            operation.End(new KeyReply(KeyStatus.Ok, Stamp(record), 1));
        }

        Copy([record], node.Parameters.Replication - 1, others =>
        {
            if (request.Quorum)
            {
                EndWrite(operation, Stamp(record), others + 1, Looks);
            }
        });
    }

    /// <summary>Whether this node is cut off from most may be known only when those that have just vanished have answered, or have not in time.</summary>
    private void EndWrite(Operation operation, KeyRecord stamp, int copies, int looks)
    {
        if (copies >= Majority && node.RefusesQuorum && looks > 0)
        {
            node.After(node.Parameters.CallTimeout / Looks, () => EndWrite(operation, stamp, copies, looks - 1));
        }
        else
        {
            operation.End(new KeyReply(copies >= Majority && !node.RefusesQuorum ? KeyStatus.Ok : KeyStatus.TooFew, stamp, copies));
        }
    }

    /// <summary>
    /// Has records kept by this many successors on distinct peers, in the order of the list; one that does not keep them is replaced by
    /// the next. Calls back with how many do.
    /// </summary>
    public void Copy(IReadOnlyList<KeyRecord> records, int wanted, Action<int> done) =>
        new Copying(node, records, [.. Ring.DistinctPeers(int.MaxValue)], wanted, done).Start();

    /// <summary>Takes in records that another node holds.</summary>
    public void Adopt(IReadOnlyList<KeyRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Id == Ring.Space.Hash(record.Key))
            {
                store.Put(record);
            }
        }
    }

    private static KeyRecord Stamp(KeyRecord record) => record with { Value = record.IsTombstone ? null : [] };

    private KeyRecord? Value(NodeId id, string key) => store.Find(id, key) is { } record && store.IsValue(record) ? record : null;

    private KeyStatus? Refusal(NodeId id, bool quorum) =>
        node.IsLeaving || !Ring.Owns(id) ? KeyStatus.NotOwner
        : node.Arrivals.MayBeOnTheWay(id) || (quorum && node.RefusesQuorum) ? KeyStatus.Busy
        : null;

    private Operation Remember(KeyVersion version)
    {
        var operation = new Operation();
        _operations[version] = operation;
        _operationOrder.Enqueue(version);
        if (_operationOrder.Count > OperationsRemembered)
        {
            _operations.Remove(_operationOrder.Dequeue());
        }

        return operation;
    }

    /// <summary>A write, and who waits for it: a request that comes twice is carried out once and answered twice.</summary>
    private sealed class Operation
    {
        private readonly List<Action<KeyReply>> _waiting = [];
        private KeyReply? _reply;

        public void Await(Action<KeyReply> done)
        {
            if (_reply is not null)
            {
                done(_reply);
            }
            else
            {
                _waiting.Add(done);
            }
        }

        public void End(KeyReply reply)
        {
            _reply = reply;
            _waiting.ForEach(done => done(reply));
            _waiting.Clear();
        }
    }
}
