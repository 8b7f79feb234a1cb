using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Common;

/// <summary>
/// A protocol engine: one input in, effects out, no I/O, no clock, no lock. This base keeps the calls and timers that are under way
/// with what shall happen when they end, so that an engine reads as its protocol is written.
/// </summary>
public abstract class Engine
{
    private readonly Dictionary<long, Outcome> _calls = [];
    private readonly Dictionary<long, Action> _timers = [];
    private List<Effect> _effects = [];
    private long _lastId;

    protected Engine(NodeRef self, IRandom random)
    {
        Self = self;
        Random = random;
    }

    /// <summary>This node, as others reach it.</summary>
    public NodeRef Self { get; }

    /// <summary>The time of the current input.</summary>
    protected internal DateTimeOffset Now { get; private set; }

    /// <summary>This node's chance.</summary>
    protected internal IRandom Random { get; }

    /// <summary>Calls without an outcome yet; for metrics and tests.</summary>
    public int CallsUnderWay => _calls.Count;

    /// <summary>Takes one input.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="now">When; never earlier than at the input before.</param>
    /// <param name="effects">Effects are added at the end, in the order in which they must be carried out.</param>
    public void Handle(Input input, DateTimeOffset now, List<Effect> effects)
    {
        Now = now;
        _effects = effects;
        switch (input)
        {
            case Input.Start:
                OnStart();
                break;
            case Input.Request request:
                OnRequest(request);
                break;
            case Input.Reply reply:
                EndCall(reply.CallId, reply.Body);
                break;
            case Input.Failed failed:
                EndCall(failed.CallId, null);
                break;
            case Input.Due due:
                if (_timers.Remove(due.TimerId, out var action))
                {
                    action();
                }

                break;
            case Input.Command command:
                OnCommand(command.CommandId, command.Body);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Begins the protocol.</summary>
    protected abstract void OnStart();

    /// <summary>Handles a request; it must be answered by <see cref="Respond"/> now or later, exactly once.</summary>
    protected abstract void OnRequest(Input.Request request);

    /// <summary>Handles a command; it must be answered by <see cref="Complete{TResult}"/> now or later, exactly once.</summary>
    protected abstract void OnCommand(long commandId, ICommand command);

    /// <summary>Sends a request. <paramref name="done"/> gets the reply, or null when there was none.</summary>
    protected internal void Call<TReply>(NodeRef to, IRequest<TReply> request, TimeSpan timeout, Action<TReply?> done)
        where TReply : class, IMessage
    {
        var id = ++_lastId;
        _calls[id] = new Outcome<TReply>(done);
        _effects.Add(new Effect.Send(id, to, request, timeout));
    }

    /// <summary>Answers a request.</summary>
    protected internal void Respond(long requestId, IMessage reply) => _effects.Add(new Effect.Respond(requestId, reply));

    /// <summary>Answers a command. The type of the result is the one that the command asks for.</summary>
    protected internal void Complete<TResult>(long commandId, ICommand<TResult> command, TResult result)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(command);
        _effects.Add(new Effect.Complete(commandId, result));
    }

    /// <summary>Has a record kept durably before anything that follows.</summary>
    protected internal void Keep(KeyRecord record) => _effects.Add(new Effect.Keep(record));

    /// <summary>Has a kept record dropped.</summary>
    protected internal void Drop(KeyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _effects.Add(new Effect.Drop(record.Id, record.Key));
    }

    /// <summary>Has members of an overlay remembered for the next start.</summary>
    protected internal void Remember(string overlay, IReadOnlyList<NodeRef> nodes) => _effects.Add(new Effect.Remember(overlay, nodes));

    /// <summary>Does something later, once.</summary>
    /// <returns>For <see cref="Cancel"/>.</returns>
    protected internal long After(TimeSpan delay, Action action)
    {
        var id = ++_lastId;
        _timers[id] = action;
        _effects.Add(new Effect.Arm(id, delay));
        return id;
    }

    /// <summary>Forgets what <see cref="After"/> was to do; a timer that was due already is ignored.</summary>
    protected internal void Cancel(long timerId)
    {
        if (_timers.Remove(timerId))
        {
            _effects.Add(new Effect.Disarm(timerId));
        }
    }

    /// <summary>Marks the request as a hop of a lookup.</summary>
    protected internal void MarkHop(long requestId, HopMark hop) => _effects.Add(new Effect.HopReceived(requestId, hop));

    /// <summary>Marks the request as a repetition of one handled before.</summary>
    protected internal void MarkRepeated(long requestId, string lookupId, NodeRef from) =>
        _effects.Add(new Effect.HopRepeated(requestId, lookupId, from.Name));

    /// <summary>Marks a hop that reached nobody.</summary>
    protected internal void MarkFailed(HopMark hop, DateTimeOffset sentAt) => _effects.Add(new Effect.HopFailed(hop, sentAt));

    /// <summary>Milliseconds from <paramref name="earlier"/> to now, never below 0.</summary>
    protected internal double ElapsedMs(DateTimeOffset earlier) => Math.Max(0, (Now - earlier).TotalMilliseconds);

    private void EndCall(long callId, IMessage? reply)
    {
        if (_calls.Remove(callId, out var outcome))
        {
            outcome.Give(reply);
        }
    }

    /// <summary>What shall happen when a call ends: there is one for each call, so it is one object and not a delegate within a delegate.</summary>
    private abstract class Outcome
    {
        public abstract void Give(IMessage? reply);
    }

    private sealed class Outcome<TReply>(Action<TReply?> done) : Outcome
        where TReply : class, IMessage
    {
        public override void Give(IMessage? reply) => done(reply as TReply);
    }
}
