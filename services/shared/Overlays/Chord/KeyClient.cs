using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// An operation on a key at the node where it begins: looks the owner up, asks it, and begins again while the ring is changing, until the
/// deadline. It never says more than it knows: a write without an answer is uncertain. A write has one version, whoever carries it out: an
/// attempt that comes late does not undo what was written since.
/// </summary>
internal sealed class KeyClient(ChordNode node, KeyStore store)
{
    /// <summary>Reads a key.</summary>
    public void Get(GetKeyCommand command, Action<KeyResult> done)
    {
        var request = new KeyReadRequest(command.Key, command.Consistency is Consistency.Quorum);
        new Operation<KeyReadRequest>(node, store, command.Key, _ => request, node.KeyOwner.Read, false, false, done).Start();
    }

    /// <summary>Writes a key.</summary>
    public void Put(PutKeyCommand command, Action<KeyResult> done) =>
        Write(command.Key, command.Value, command.Ttl, command.Condition, command.Consistency, done);

    /// <summary>Deletes a key.</summary>
    public void Delete(DeleteKeyCommand command, Action<KeyResult> done) =>
        Write(command.Key, null, null, command.Condition, command.Consistency, done);

    private void Write(string key, byte[]? value, TimeSpan? ttl, KeyCondition condition, Consistency consistency, Action<KeyResult> done)
    {
        Func<KeyVersion, KeyWriteRequest> request = version => new KeyWriteRequest(
            version, key, value, (long?)ttl?.TotalMilliseconds, condition.IfVersion, condition.IfAbsent, condition.IfPresent, consistency is Consistency.Quorum);
        new Operation<KeyWriteRequest>(node, store, key, request, node.KeyOwner.Write, true, condition != KeyCondition.None, done).Start();
    }

    private sealed class Operation<TRequest>(
        ChordNode node, KeyStore store, string key, Func<KeyVersion, TRequest> stamped, Action<TRequest, Action<KeyReply>> own, bool writes,
        bool isConditional, Action<KeyResult> done)
        where TRequest : class, IRequest<KeyReply>
    {
        private readonly NodeId _id = node.Ring.Space.Hash(key);
        private KeyVersion? _version;
        private bool _unanswered;
        private bool _ended;
        private bool _asked;
        private long _expiry;

        /// <summary>Begins; ends at the deadline at the latest.</summary>
        public void Start()
        {
            _expiry = node.After(node.Parameters.LookupDeadline, () =>
            {
                _unanswered |= writes && _asked;
                GiveUp();
            });
            Try();
        }

        private void Try() => node.Lookups.Recursive(_id, fetch: false, found =>
        {
            if (_ended)
            {
                return;
            }

            if (found.Owner is not { } owner)
            {
                Again();
                return;
            }

            var hops = found.Path.Count(hop => hop is { Outcome: null, Local: false });
            _asked = true;
            var request = stamped(_version ??= store.NextVersion());
            if (owner.Id == node.Ring.Self.Id)
            {
                own(request, reply => Ended(owner, hops, reply));
                return;
            }

            node.Call(owner.Node, request, node.Parameters.CallTimeout * 2, reply =>
            {
                if (reply is null)
                {
                    node.Forget(owner);
                    _asked = false;
                    _unanswered |= writes;
                    Again();
                }
                else
                {
                    Ended(owner, hops, reply);
                }
            });
        });

        private void Ended(ChordContact owner, int hops, KeyReply reply)
        {
            _asked = false;
            if (reply.Record is { } record)
            {
                store.See(record.Version);
            }

            switch (reply.Status)
            {
                case KeyStatus.Late when !_ended:
                    // At once: while it waits, others write.
                    _version = null;
                    Try();
                    break;
                case KeyStatus.NotOwner:
                    node.Owners.Remove(owner);
                    Again();
                    break;
                case KeyStatus.Busy:
                    Again();
                    break;
                case KeyStatus.TooFew when !writes:
                    Again();
                    break;
                default:
                    End(new KeyResult(
                        OutcomeOf(reply), reply.Record?.Version, writes ? null : reply.Record?.Value, reply.Record?.Expiry,
                        owner.Node.Name, reply.Copies, hops));
                    break;
            }
        }

        private KeyOutcome OutcomeOf(KeyReply reply) => reply.Status switch
        {
            KeyStatus.TooFew => KeyOutcome.Uncertain,
            KeyStatus.NotStored => KeyOutcome.NotStored,

            // An earlier attempt that was not answered may itself have made the condition fail.
            KeyStatus.Conflict => _unanswered && isConditional ? KeyOutcome.Uncertain : KeyOutcome.Conflict,
            _ => writes || reply.Record is not null ? KeyOutcome.Ok : KeyOutcome.NotFound,
        };

        private void Again()
        {
            if (!node.Ring.IsMember)
            {
                GiveUp();
            }
            else if (!_ended)
            {
                node.After(node.Random.NextAround(node.Parameters.RetryDelay, 0.5), Try);
            }
        }

        private void GiveUp() => End(new KeyResult(_unanswered ? KeyOutcome.Uncertain : KeyOutcome.Unavailable));

        private void End(KeyResult result)
        {
            if (!_ended)
            {
                _ended = true;
                node.Cancel(_expiry);
                done(result);
            }
        }
    }
}
