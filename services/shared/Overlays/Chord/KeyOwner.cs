using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// The owner of a key orders its writes by hybrid logical clock, decides compare-and-set, and keeps k - 1 copies on successors on distinct
/// peers. It answers neither reads nor writes of keys that may still be on their way to it.
/// </summary>
internal sealed class KeyOwner(ChordNode node, KeyStore store)
{
    private const int OperationsRemembered = 1024;

    private readonly Dictionary<string, KeyReply?> _operations = new(StringComparer.Ordinal);
    private readonly Queue<string> _operationOrder = new();

    private RingState Ring => node.Ring;

    /// <summary>Reads a key that is owned here.</summary>
    public void Read(KeyReadRequest request, Action<KeyReply> done)
    {
        var id = Ring.Space.Hash(request.Key);
        if (Refusal(id) is { } refusal)
        {
            done(new KeyReply(refusal));
            return;
        }

        var replicas = Ring.DistinctPeers(node.Parameters.Replication - 1).ToList();
        if (!request.Quorum || replicas.Count == 0)
        {
            done(new KeyReply(KeyStatus.Ok, Value(id, request.Key), 1));
            return;
        }

        var copies = 1;
        var waiting = replicas.Count;
        var majority = Majority(replicas.Count + 1);
        var ended = false;
        foreach (var replica in replicas)
        {
            node.Call(replica.Node, new KeyPullRequest([request.Key]), node.Parameters.CallTimeout, reply =>
            {
                waiting--;
                copies += reply is null ? 0 : 1;
                foreach (var record in reply?.Records ?? [])
                {
                    Adopt(record);
                }

                if (!ended && (copies >= majority || waiting == 0))
                {
                    ended = true;
                    done(Refusal(id) is { } late ? new KeyReply(late)
                        : copies < majority ? new KeyReply(KeyStatus.TooFew, null, copies)
                        : new KeyReply(KeyStatus.Ok, Value(id, request.Key), copies));
                }
            });
        }
    }

    /// <summary>Writes a key that is owned here.</summary>
    public void Write(KeyWriteRequest request, Action<KeyReply> done)
    {
        var id = Ring.Space.Hash(request.Key);
        if (_operations.TryGetValue(request.OperationId, out var earlier))
        {
            done(earlier ?? new KeyReply(KeyStatus.Busy));
            return;
        }

        if (Refusal(id) is { } refusal)
        {
            done(new KeyReply(refusal));
            return;
        }

        var current = Value(id, request.Key);
        var holds = (request.IfVersion is null || current?.Version == request.IfVersion)
            && !(request.IfAbsent && current is not null)
            && !(request.IfPresent && current is null);
        if (!holds)
        {
            done(new KeyReply(KeyStatus.Conflict, current));
            return;
        }

        var now = node.Now.ToUnixTimeMilliseconds();
        var record = new KeyRecord(
            id,
            request.Key,
            store.NextVersion(),
            request.Value,
            request.Value is null ? null : now + request.TtlMs,
            request.Value is null ? now + (long)node.Parameters.TombstoneTime.TotalMilliseconds : null);
        store.Put(record);
        Remember(request.OperationId);
        var wanted = Ring.DistinctPeers(node.Parameters.Replication - 1).Count() + 1;
        if (!request.Quorum)
        {
            End(request.OperationId, new KeyReply(KeyStatus.Ok, Stamp(record), 1), done);
        }

        Copy([record], wanted - 1, held =>
        {
            var copies = held + 1;
            if (request.Quorum)
            {
                var status = copies >= Majority(wanted) ? KeyStatus.Ok : KeyStatus.TooFew;
                End(request.OperationId, new KeyReply(status, Stamp(record), copies), done);
            }
        });
    }

    /// <summary>
    /// Has records kept by this many successors on distinct peers, in the order of the list; one that does not keep them is replaced by
    /// the next. Calls back with how many do.
    /// </summary>
    public void Copy(IReadOnlyList<KeyRecord> records, int wanted, Action<int> done) =>
        new Copying(node, records, [.. Ring.DistinctPeers(int.MaxValue)], wanted, done).Start();

    /// <summary>Takes in a record that another node holds.</summary>
    public void Adopt(KeyRecord record)
    {
        if (record.Id == Ring.Space.Hash(record.Key))
        {
            store.Put(record);
        }
    }

    private static int Majority(int copies) => (copies / 2) + 1;

    private static KeyRecord Stamp(KeyRecord record) => record with { Value = record.IsTombstone ? null : [] };

    private KeyRecord? Value(NodeId id, string key) => store.Find(id, key) is { } record && store.IsValue(record) ? record : null;

    private KeyStatus? Refusal(NodeId id) =>
        node.IsLeaving || !Ring.Owns(id) ? KeyStatus.NotOwner
        : node.Arrivals.MayBeOnTheWay(id) ? KeyStatus.Busy
        : null;

    private void Remember(string operationId)
    {
        _operations[operationId] = null;
        _operationOrder.Enqueue(operationId);
        if (_operationOrder.Count > OperationsRemembered)
        {
            _operations.Remove(_operationOrder.Dequeue());
        }
    }

    private void End(string operationId, KeyReply reply, Action<KeyReply> done)
    {
        if (_operations.ContainsKey(operationId))
        {
            _operations[operationId] = reply;
        }

        done(reply);
    }
}
