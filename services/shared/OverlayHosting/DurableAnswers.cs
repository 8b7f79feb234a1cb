using System.Diagnostics;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// Decides which answers of an engine may go out: none that follows from a change that is not durable. What could not be saved is
/// tried again with later inputs, for the engine goes on with it in memory. Used by the mailbox's one reader only.
/// </summary>
internal sealed class DurableAnswers(IKeyStorage storage, NodeRef self, ILogger logger)
{
    /// <summary>Time between two attempts while the storage fails.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly HashSet<long> _calls = [];
    private readonly HashSet<long> _timers = [];
    private List<Effect> _unsaved = [];
    private DateTimeOffset? _failedAt;

    /// <summary>Saves the changes of an input, which belongs to a trace or to none.</summary>
    /// <returns>
    /// Requests and commands to refuse: the one that is the input, and those that it answers, when the changes of the input or of one
    /// that led to it are not durable.
    /// </returns>
    public List<long> Save(Input input, List<Effect> effects, DateTimeOffset now, ActivityContext trace)
    {
        var doubtful = input switch
        {
            Input.Reply reply => _calls.Remove(reply.CallId),
            Input.Failed failed => _calls.Remove(failed.CallId),
            Input.Due due => _timers.Remove(due.TimerId),
            _ => false,
        };
        foreach (var effect in effects)
        {
            if (effect is Effect.Keep or Effect.Drop)
            {
                _unsaved.Add(effect);
                doubtful = true;
            }
        }

        if (_unsaved.Count is 0 || TrySave(now, trace))
        {
            return [];
        }

        // The engine holds in memory what is not saved, and would say of a write or a copy that comes again that it has it.
        doubtful |= input is Input.Request { Body: KeyWriteRequest or KeyCopyRequest or KeySyncRequest };

        List<long> refused = [];
        if (doubtful)
        {
            refused.AddRange(input switch
            {
                Input.Request request => [request.RequestId],
                Input.Command command => [command.CommandId],
                _ => Array.Empty<long>(),
            });
            effects.ForEach(effect => Doubt(effect, refused));
        }

        return refused;
    }

    /// <summary>What a request whose changes are not durable is answered with, where its reply can say so: the node is not taken for dead.</summary>
    public static IMessage? RefusalOf(Input.Request request) => request.Body switch
    {
        KeyWriteRequest => new KeyReply(KeyStatus.NotStored),
        KeyCopyRequest => new KeyCopyReply(false),
        KeySyncRequest => new KeySyncReply(KeySyncStatus.NotMember, []),
        _ => null,
    };

    /// <summary>What a command whose changes are not durable ends with, where its result can say so.</summary>
    public static object? RefusalOf(Input.Command command, NodeRef self) =>
        command.Body is PutKeyCommand or DeleteKeyCommand ? new KeyResult(KeyOutcome.NotStored, Owner: self.Name) : null;

    private bool TrySave(DateTimeOffset now, ActivityContext trace)
    {
        if (now - _failedAt < RetryInterval)
        {
            return false;
        }

        try
        {
            storage.Save(_unsaved);
        }
        catch (KeyStorageException failure)
        {
            using (logger.InTrace(trace))
            {
                logger.KeysNotSaved(failure, self, _unsaved.Count);
            }

            _failedAt = now;
            // The last change of a key stands for the earlier ones, so that what waits is never more than what the engine holds.
            _unsaved = [.. _unsaved.GroupBy(KeyOf).Select(changes => changes.Last())];
            return false;
        }

        _unsaved.Clear();
        _calls.Clear();
        _timers.Clear();
        _failedAt = null;
        return true;
    }

    private static (NodeId Id, string Key) KeyOf(Effect change) => change switch
    {
        Effect.Keep keep => (keep.Record.Id, keep.Record.Key),
        Effect.Drop drop => (drop.Id, drop.Key),
        _ => throw new UnreachableException(),
    };

    /// <summary>An answer may also come later, when a call or a timer that was begun here ends.</summary>
    private void Doubt(Effect effect, List<long> refused)
    {
        switch (effect)
        {
            case Effect.Respond respond:
                refused.Add(respond.RequestId);
                break;
            case Effect.Complete complete:
                refused.Add(complete.CommandId);
                break;
            case Effect.Send send:
                _calls.Add(send.CallId);
                break;
            case Effect.Arm arm:
                _timers.Add(arm.TimerId);
                break;
            case Effect.Disarm disarm:
                _timers.Remove(disarm.TimerId);
                break;
        }
    }
}
