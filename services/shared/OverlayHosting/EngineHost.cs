using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// Runs one engine: a bounded mailbox with one reader feeds it inputs one at a time, and its effects become HTTP requests, answers,
/// timers and spans. Nothing else touches the engine.
/// </summary>
public sealed class EngineHost : IAsyncDisposable
{
    /// <summary>Inputs that wait at most; further requests are refused with 503.</summary>
    public const int MailboxCapacity = 4096;

    private readonly Engine _engine;
    private readonly INodeTransport _transport;
    private readonly TimeProvider _time;
    private readonly EngineClock _clock;
    private readonly ILogger _logger;
    private readonly Action<Exception> _failed;
    private readonly IContactStorage? _contacts;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<IMessage>> _requests = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<object>> _commands = new();
    private readonly ConcurrentDictionary<long, ITimer> _timers = new();
    private readonly HopSpans _spans = new();
    private readonly DurableAnswers? _durable;
    private readonly Channel<Envelope> _mailbox = Channel.CreateBounded<Envelope>(
        new BoundedChannelOptions(MailboxCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private Task _loop = Task.CompletedTask;
    private long _lastId;

    /// <summary>A host that does not run yet.</summary>
    /// <param name="engine">Given away: nobody else may use it.</param>
    /// <param name="transport">For requests to other nodes.</param>
    /// <param name="time">For timers and the engine's clock.</param>
    /// <param name="logger">For failures.</param>
    /// <param name="failed">Called once if the engine throws, which is a defect: the host has stopped then.</param>
    /// <param name="storage">Where the engine's records of keys are kept; null: in the engine's memory alone.</param>
    /// <param name="contacts">Where the members that the engine hears of are remembered; null: nowhere.</param>
    public EngineHost(
        Engine engine,
        INodeTransport transport,
        TimeProvider time,
        ILogger logger,
        Action<Exception> failed,
        IKeyStorage? storage = null,
        IContactStorage? contacts = null)
    {
        _engine = engine;
        _transport = transport;
        _time = time;
        _clock = new EngineClock(time);
        _logger = logger;
        _failed = failed;
        _contacts = contacts;
        _durable = storage is null ? null : new DurableAnswers(storage, engine.Self, logger);
    }

    /// <summary>The node that runs here.</summary>
    public NodeRef Self => _engine.Self;

    /// <summary>Starts the reader and gives the engine its first input.</summary>
    public void Start()
    {
        OverlayTelemetry.CountRefusals(_engine.GetType().Name, 0);
        _mailbox.Writer.TryWrite(new Envelope(new Input.Start(), default));
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(() => RunAsync(_stopping.Token));
        }
    }

    /// <summary>Gives the engine a request from another node.</summary>
    /// <exception cref="NodeUnreachableException">The mailbox is full, or the host has stopped.</exception>
    public Task<IMessage> AskAsync(NodeRef from, DateTimeOffset sentAt, IMessage body, ActivityContext trace, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        return PostAsync(_requests, id, new Input.Request(id, from, sentAt, body), trace, cancellationToken);
    }

    /// <summary>Gives the engine a command, in the current trace.</summary>
    /// <exception cref="NodeUnreachableException">The mailbox is full, or the host has stopped.</exception>
    public async Task<TResult> CommandAsync<TResult>(ICommand<TResult> command, CancellationToken cancellationToken)
        where TResult : class
    {
        var id = Interlocked.Increment(ref _lastId);
        var trace = Activity.Current?.Context ?? default;
        return (TResult)await PostAsync(_commands, id, new Input.Command(id, command), trace, cancellationToken);
    }

    /// <summary>Stops the engine at once: what waits is refused, timers are forgotten. Leaving gracefully comes before, by command.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task<T> PostAsync<T>(
        ConcurrentDictionary<long, TaskCompletionSource<T>> waiting, long id, Input input, ActivityContext trace, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(input, TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        if (_stopping.IsCancellationRequested || !_mailbox.Writer.TryWrite(new Envelope(input, trace)))
        {
            waiting.TryRemove(id, out _);
            OverlayTelemetry.CountRefusals(_engine.GetType().Name, 1);
            throw new NodeUnreachableException($"{Self.Name} is overloaded or stopping.");
        }

        try
        {
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var effects = new List<Effect>();
        Input? current = null;
        try
        {
            await foreach (var (input, trace) in _mailbox.Reader.ReadAllAsync(stopping))
            {
                current = input;
                var now = _clock.Now;
                _spans.Enter(input, trace, now);
                _engine.Handle(input, now, effects);
                _durable?.Save(input, effects, now, _spans.Ambient).ForEach(Refuse);
                effects.ForEach(Carry);
                effects.Clear();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            using var scope = _logger.InTrace(_spans.Ambient);
            _logger.EngineFailed(failure, Self, current);
            await _stopping.CancelAsync();
            _failed(failure);
        }
        finally
        {
            Abandon();
        }
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                _spans.Sent(send.CallId);
                _ = SendAsync(send, new Outgoing(Self, send.To, send.Body, _clock.Now, _spans.Ambient));
                break;
            case Effect.Respond respond:
                _spans.Responded(respond.RequestId);
                if (_requests.TryRemove(respond.RequestId, out var request))
                {
                    request.TrySetResult(respond.Body);
                }

                break;
            case Effect.Complete complete:
                if (_commands.TryRemove(complete.CommandId, out var command))
                {
                    command.TrySetResult(complete.Result);
                }

                break;
            case Effect.Arm arm:
                _spans.Armed(arm.TimerId);
                var timer = _time.CreateTimer(Ring, arm.TimerId, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timers[arm.TimerId] = timer;
                timer.Change(arm.After, Timeout.InfiniteTimeSpan);
                break;
            case Effect.Disarm disarm:
                _spans.Disarmed(disarm.TimerId);
                Drop(disarm.TimerId);
                break;
            case Effect.Keep or Effect.Drop:
                break;
            case Effect.Remember remember:
                _contacts?.Remember(remember.Overlay, remember.Nodes);
                break;
            case Effect.HopReceived received:
                _spans.Received(received);
                break;
            case Effect.HopRepeated repeated:
                _spans.Repeated(repeated);
                break;
            case Effect.HopFailed failed:
                OverlayTelemetry.RecordFailedHop(failed.Hop, _spans.Ambient, failed.SentAt);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Answers a request or a command with a failure: requests and commands have their ids from one counter.</summary>
    private void Refuse(long id)
    {
        if (_requests.TryRemove(id, out var request))
        {
            Refuse(request, DurableAnswers.RefusalOf((Input.Request)request.Task.AsyncState!));
        }
        else if (_commands.TryRemove(id, out var command))
        {
            Refuse(command, DurableAnswers.RefusalOf((Input.Command)command.Task.AsyncState!, Self));
        }
    }

    private void Refuse<T>(TaskCompletionSource<T> waiting, T? refusal)
        where T : class
    {
        if (refusal is null || !waiting.TrySetResult(refusal))
        {
            waiting.TrySetException(new NodeUnreachableException($"{Self.Name} cannot store keys now."));
        }
    }

    private async Task SendAsync(Effect.Send send, Outgoing message)
    {
        Input outcome;
        using var limit = new CancellationTokenSource(send.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            outcome = new Input.Reply(send.CallId, await _transport.SendAsync(message, both.Token));
        }
        catch (Exception failure) when (failure is NodeUnreachableException or OperationCanceledException)
        {
            using var scope = _logger.InTrace(message.Trace);
            _logger.NodeNotReached(Self, send.To, failure.Message);
            outcome = new Input.Failed(send.CallId);
        }

        await DeliverAsync(outcome);
    }

    private void Ring(object? timerId)
    {
        Drop((long)timerId!);
        _ = DeliverAsync(new Input.Due((long)timerId));
    }

    private async Task DeliverAsync(Input input)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(new Envelope(input, default), _stopping.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // The host has stopped: nobody waits for this outcome.
        }
    }

    private void Drop(long timerId)
    {
        if (_timers.TryRemove(timerId, out var timer))
        {
            timer.Dispose();
        }
    }

    private void Abandon()
    {
        foreach (var timerId in _timers.Keys)
        {
            Drop(timerId);
        }

        var stopped = new NodeUnreachableException($"{Self.Name} has stopped.");
        foreach (var request in _requests.Values)
        {
            request.TrySetException(stopped);
        }

        foreach (var command in _commands.Values)
        {
            command.TrySetException(stopped);
        }
    }

    private readonly record struct Envelope(Input Input, ActivityContext Trace);
}
