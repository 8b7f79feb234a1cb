using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class HopSpanTests : IDisposable
{
    private static readonly NodeRef Other = new("peer-1");
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly ActivityContext _lookup = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public HopSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Overlays,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == _lookup.TraceId)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_hop_is_a_span_below_the_hop_or_lookup_that_sent_it()
    {
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hop(request.RequestId, Mark("lookup-1", "peer-1", "peer-0"));
                engine.Answer(request.RequestId, Ack.Instance);
            },
        });

        await host.AskAsync(Other, default, new Question(), _lookup, Limit);

        var span = Assert.Single(_spans);
        Assert.Equal("gnutella.hop", span.OperationName);
        Assert.Equal(_lookup.SpanId, span.ParentSpanId);
        Assert.Equal("peer-1", span.GetTagItem("p2p.node"));
        Assert.Equal("peer-0", span.GetTagItem("p2p.next"));
        Assert.Equal("lookup-1", span.GetTagItem("p2p.lookup.id"));
        Assert.Equal(HopOutcomes.Ok, span.GetTagItem("p2p.outcome"));
    }

    [Fact]
    public async Task What_a_hop_sends_carries_its_context_even_after_a_reply()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult<IMessage>(Ack.Instance));
        await using var host = Start(
            new ScriptedEngine
            {
                Requested = (engine, request) =>
                {
                    engine.Hop(request.RequestId, Mark("lookup-1", "peer-1", "peer-0"));
                    engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), _ =>
                        engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), _ => engine.Answer(request.RequestId, Ack.Instance)));
                },
            },
            transport);

        await host.AskAsync(Other, default, new Question(), _lookup, Limit);

        var span = Assert.Single(_spans);
        Assert.Equal([span.SpanId, span.SpanId], transport.Sent.Select(message => message.Trace.SpanId));
    }

    [Fact]
    public async Task A_repeated_message_is_an_event_on_the_span_that_received_the_first()
    {
        long? first = null;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                if (first is { } open)
                {
                    engine.Repeat(request.RequestId, "lookup-1", request.From);
                    engine.Answer(request.RequestId, Ack.Instance);
                    engine.Answer(open, Ack.Instance);
                }
                else
                {
                    first = request.RequestId;
                    engine.Hop(request.RequestId, Mark("lookup-1", "peer-1", "peer-0"));
                }
            },
        });

        var waiting = host.AskAsync(Other, default, new Question(), _lookup, Limit);
        await host.AskAsync(new NodeRef("peer-2"), default, new Question(), _lookup, Limit);
        await waiting;

        var repeated = Assert.Single(Assert.Single(_spans).Events);
        Assert.Equal("p2p.duplicate", repeated.Name);
        Assert.Contains(repeated.Tags, tag => tag is { Key: "p2p.from", Value: "peer-2" });
    }

    [Fact]
    public async Task A_hop_that_reached_nobody_is_a_span_with_outcome_unreachable()
    {
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Fail(Mark("lookup-1", "peer-0", "peer-9"));
                engine.Answer(request.RequestId, Ack.Instance);
            },
        });

        await host.AskAsync(Other, default, new Question(), _lookup, Limit);

        var span = Assert.Single(_spans);
        Assert.Equal(HopOutcomes.Unreachable, span.GetTagItem("p2p.outcome"));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }

    [Fact]
    public async Task A_periodic_task_that_a_hop_set_off_does_not_stay_in_its_trace()
    {
        var time = new FakeTimeProvider();
        var beats = new SemaphoreSlim(0);
        var transport = new ScriptedTransport((_, _) =>
        {
            beats.Release();
            return Task.FromResult<IMessage>(Ack.Instance);
        });
        Action<ScriptedEngine> beat = _ => { };
        beat = engine => engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), _ => engine.Later(TimeSpan.FromSeconds(20), () => beat(engine)));
        await using var host = Start(
            new ScriptedEngine
            {
                Requested = (engine, request) =>
                {
                    engine.Hop(request.RequestId, Mark("lookup-1", "peer-1", "peer-0"));
                    beat(engine);
                    engine.Answer(request.RequestId, Ack.Instance);
                },
                Commanded = (engine, id, command) => engine.Finish(id, command),
            },
            transport,
            time);
        await host.AskAsync(Other, default, new Question(), _lookup, Limit);

        for (var i = 0; i < 3; i++)
        {
            await beats.WaitAsync(Limit);
            await host.CommandAsync(new LeaveCommand(), Limit);
            time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal([true, true, false], transport.Sent.Take(3).Select(message => message.Trace.TraceId == _lookup.TraceId));
    }

    [Fact]
    public async Task Outside_a_trace_a_hop_makes_no_span()
    {
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hop(request.RequestId, Mark("lookup-1", "peer-1", "peer-0"));
                engine.Answer(request.RequestId, Ack.Instance);
            },
        });

        await host.AskAsync(Other, default, new Question(), default, Limit);

        Assert.Empty(_spans);
    }

    private static HopMark Mark(string lookupId, string from, string to) => new(Techniques.Gnutella, lookupId, 0, from, to);

    private static EngineHost Start(ScriptedEngine engine, ScriptedTransport? transport = null, TimeProvider? time = null)
    {
        var nobody = new ScriptedTransport((_, _) => throw new NodeUnreachableException("nobody"));
        var host = new EngineHost(engine, transport ?? nobody, time ?? TimeProvider.System, NullLogger.Instance, _ => { });
        host.Start();
        return host;
    }
}
