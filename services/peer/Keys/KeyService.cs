using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Keys;

/// <summary>Operations on keys that enter the cloud at this peer. A write that comes twice under one operation id is made once.</summary>
public sealed class KeyService(PeerEngines engines, TimeProvider time)
{
    /// <summary>How long a write is remembered: longer than a sidecar repeats a request.</summary>
    private static readonly TimeSpan WriteMemory = TimeSpan.FromSeconds(60);

    private readonly Lock _use = new();
    private readonly Dictionary<string, Task<KeyAnswer>> _writes = new(StringComparer.Ordinal);
    private readonly Queue<(string Operation, long Since)> _order = new();

    /// <summary>Reads a key.</summary>
    public Task<KeyAnswer> ReadAsync(GetKeyCommand command, CancellationToken cancellationToken) =>
        AskAsync(command, KeyOutcomes.Unavailable, cancellationToken);

    /// <summary>Writes or deletes a key.</summary>
    /// <param name="command">A <see cref="PutKeyCommand"/> or a <see cref="DeleteKeyCommand"/>.</param>
    /// <param name="operation">The same when the same request comes again; null: it cannot come again.</param>
    public Task<KeyAnswer> WriteAsync(ICommand<KeyResult> command, string? operation)
    {
        if (operation is null)
        {
            return WriteAsync(command);
        }

        lock (_use)
        {
            while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) > WriteMemory)
            {
                _writes.Remove(_order.Dequeue().Operation);
            }

            if (_writes.TryGetValue(operation, out var earlier))
            {
                return earlier;
            }

            _order.Enqueue((operation, time.GetTimestamp()));
            return _writes[operation] = WriteAsync(command);
        }
    }

    /// <summary>A write goes on when the caller is gone: nobody could say whether it happened otherwise.</summary>
    private Task<KeyAnswer> WriteAsync(ICommand<KeyResult> command) => AskAsync(command, KeyOutcomes.Uncertain, CancellationToken.None);

    /// <param name="command">For the ring.</param>
    /// <param name="unanswered">The outcome when the ring was asked and did not answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<KeyAnswer> AskAsync(ICommand<KeyResult> command, string unanswered, CancellationToken cancellationToken)
    {
        if (engines.IsLeaving)
        {
            // It may be gone before the end. What it has begun it answers, also when the request comes again.
            return new KeyAnswer(KeyOutcomes.Leaving);
        }

        var start = time.GetTimestamp();
        var answer = await AnswerAsync(command, unanswered, cancellationToken);
        OverlayTelemetry.EndKey(OperationOf(command), answer.Outcome, time.GetElapsedTime(start));
        return answer;
    }

    private async Task<KeyAnswer> AnswerAsync(ICommand<KeyResult> command, string unanswered, CancellationToken cancellationToken)
    {
        if (engines.Of(Techniques.Chord) is not { } chord)
        {
            return new KeyAnswer(KeyOutcomes.Unavailable);
        }

        try
        {
            return AnswerOf(await chord.CommandAsync(command, cancellationToken));
        }
        catch (NodeUnreachableException)
        {
            return new KeyAnswer(unanswered);
        }
    }

    private static string OperationOf(ICommand<KeyResult> command) => command switch
    {
        GetKeyCommand => "get",
        PutKeyCommand => "put",
        DeleteKeyCommand => "delete",
        _ => throw new UnreachableException(),
    };

    private static KeyAnswer AnswerOf(KeyResult result) => new(
        result.Outcome switch
        {
            KeyOutcome.Ok => KeyOutcomes.Ok,
            KeyOutcome.NotFound => KeyOutcomes.NotFound,
            KeyOutcome.Conflict => KeyOutcomes.Conflict,
            KeyOutcome.Unavailable => KeyOutcomes.Unavailable,
            KeyOutcome.Uncertain => KeyOutcomes.Uncertain,
            KeyOutcome.NotStored => KeyOutcomes.NotStored,
            _ => throw new UnreachableException(),
        },
        result.Version,
        result.Value,
        result.Expiry,
        result.Owner,
        result.Copies,
        result.Hops);
}
