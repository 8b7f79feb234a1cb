using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Observability.Tests;

/// <summary>Records of what runs an engine, outside every request, beside the trace of the message that they are about.</summary>
public sealed class EngineLogTests : IDisposable
{
    private static readonly NodeRef Other = new("peer-1");
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly ActivityContext _trace = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
    private readonly Records _records = new();
    private readonly ILoggerFactory _loggers;
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == TelemetryNames.Overlays,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public EngineLogTests()
    {
        // As a host's builder sets it up.
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_records)
            .Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.SpanId | ActivityTrackingOptions.TraceId));
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task A_call_that_reached_nobody_is_logged_under_the_trace_of_the_message_that_it_follows_from()
    {
        await using var host = Start((engine, request) => engine.Ask(Other, () => engine.Answer(request)));

        await host.AskAsync(Other, default, new Question(), _trace, Limit);
        await host.AskAsync(Other, default, new Question(), default, Limit);

        Assert.Equal([$"NodeNotReached {_trace.TraceId}", "NodeNotReached "], _records.All);
    }

    [Fact]
    public async Task An_engine_that_fails_is_logged_under_the_trace_of_the_message_on_which_it_failed()
    {
        await using var host = Start((_, _) => throw new InvalidOperationException("broken"));

        await Assert.ThrowsAsync<NodeUnreachableException>(() => host.AskAsync(Other, default, new Question(), _trace, Limit));

        Assert.Equal([$"EngineFailed {_trace.TraceId}"], _records.All);
    }

    [Fact]
    public async Task Keys_that_are_not_saved_are_logged_under_the_trace_of_the_message_that_changed_them()
    {
        await using var host = Start((engine, request) =>
        {
            engine.Change();
            engine.Answer(request);
        });

        await Assert.ThrowsAsync<NodeUnreachableException>(() => host.AskAsync(Other, default, new Question(), _trace, Limit));

        Assert.Equal([$"KeysNotSaved {_trace.TraceId}"], _records.All);
    }

    /// <summary>Two hops under way that end in the order in which they began.</summary>
    [Fact]
    public async Task A_hop_that_has_ended_leaves_nothing_for_what_is_logged_after_it()
    {
        var waiting = new Queue<Input.Request>();
        await using var host = Start((engine, request) =>
        {
            if (waiting.Count == 2)
            {
                engine.Answer(waiting.Dequeue());
                engine.Answer(waiting.Dequeue());
                engine.Ask(Other, () => engine.Answer(request));
                return;
            }

            engine.Hop(request);
            waiting.Enqueue(request);
        });

        var first = host.AskAsync(Other, default, new Question(), _trace, Limit);
        var second = host.AskAsync(Other, default, new Question(), _trace, Limit);
        await host.AskAsync(Other, default, new Question(), default, Limit);
        await Task.WhenAll(first, second);

        Assert.Equal(["NodeNotReached "], _records.All);
    }

    private EngineHost Start(Action<SmallEngine, Input.Request> requested)
    {
        var host = new EngineHost(
            new SmallEngine(requested), new Nobody(), TimeProvider.System, _loggers.CreateLogger("engine"), _ => { }, new FullDisk());
        host.Start();
        return host;
    }

    private sealed record Question : IRequest<Ack>;

    private sealed class SmallEngine(Action<SmallEngine, Input.Request> requested) : Engine(new NodeRef("peer-0"), new SplitMix64(1))
    {
        protected override void OnStart()
        {
        }

        protected override void OnRequest(Input.Request request) => requested(this, request);

        protected override void OnCommand(long commandId, ICommand command) => throw new NotSupportedException();

        public void Answer(Input.Request request) => Respond(request.RequestId, Ack.Instance);

        public void Ask(NodeRef to, Action done) => Call(to, new Question(), TimeSpan.FromSeconds(1), _ => done());

        public void Hop(Input.Request request) => MarkHop(request.RequestId, new HopMark(Techniques.Gnutella, "lookup-1", 0, "peer-1", "peer-0"));

        public void Change() => Keep(new KeyRecord(default, "key", new KeyVersion(1, "peer-0"), [1]));
    }

    private sealed class Nobody : INodeTransport
    {
        public Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken) => throw new NodeUnreachableException("nobody");
    }

    private sealed class FullDisk : IKeyStorage
    {
        public void Save(IReadOnlyList<Effect> changes) => throw new KeyStorageException("The disk is full.");
    }

    /// <summary>Names of records, each with the trace that its scopes name last.</summary>
    private sealed class Records : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private readonly ConcurrentQueue<string> _all = new();
        private IExternalScopeProvider _scopes = null!;

        public IEnumerable<string> All => _all;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var ids = new List<string?>();
            _scopes.ForEachScope(
                (scope, found) => found.AddRange(
                    (scope as IEnumerable<KeyValuePair<string, object?>> ?? []).Where(it => it.Key == "TraceId").Select(it => it.Value?.ToString())),
                ids);
            _all.Enqueue($"{eventId.Name} {ids.LastOrDefault()}");
        }

        public void Dispose()
        {
        }
    }
}
