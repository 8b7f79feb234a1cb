using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class EngineHostTests
{
    private static readonly NodeRef Other = new("peer-1");
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<Exception> _failure = new();

    [Fact]
    public async Task A_request_gets_the_answer_of_the_engine()
    {
        await using var host = Start(new ScriptedEngine { Requested = (engine, request) => engine.Answer(request.RequestId, Ack.Instance) });

        var reply = await host.AskAsync(Other, default, new Question(), default, Limit);

        Assert.IsType<Ack>(reply);
    }

    [Fact]
    public async Task A_request_can_be_answered_after_a_later_input()
    {
        long? first = null;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                if (first is { } waiting)
                {
                    engine.Answer(waiting, Ack.Instance);
                    engine.Answer(request.RequestId, Ack.Instance);
                }

                first = request.RequestId;
            },
        });

        var early = host.AskAsync(Other, default, new Question(), default, Limit);
        await host.AskAsync(Other, default, new Question(), default, Limit);

        Assert.IsType<Ack>(await early);
    }

    [Fact]
    public async Task A_call_that_is_answered_reaches_the_engine_as_reply()
    {
        var replied = new TaskCompletionSource<Ack?>();
        await using var host = Start(
            new ScriptedEngine { Starting = engine => engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), replied.SetResult) },
            (_, _) => Task.FromResult<IMessage>(Ack.Instance));

        Assert.NotNull(await replied.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_call_to_an_unreachable_node_reaches_the_engine_as_failure()
    {
        var replied = new TaskCompletionSource<Ack?>();
        await using var host = Start(
            new ScriptedEngine { Starting = engine => engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), replied.SetResult) },
            (_, _) => throw new NodeUnreachableException("refused"));

        Assert.Null(await replied.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_call_without_answer_fails_when_its_time_is_over()
    {
        var replied = new TaskCompletionSource<Ack?>();
        var asked = new TaskCompletionSource();
        await using var host = Start(
            new ScriptedEngine { Starting = engine => engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), replied.SetResult) },
            async (_, cancellation) =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
                return Ack.Instance;
            });

        await asked.Task.WaitAsync(Limit);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await replied.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_timer_rings_when_it_is_due_and_not_before()
    {
        var rang = new TaskCompletionSource();
        await using var host = Start(new ScriptedEngine
        {
            Starting = engine => engine.Later(TimeSpan.FromSeconds(2), rang.SetResult),
            Commanded = (engine, id, command) => engine.Finish(id, command),
        });
        await host.CommandAsync(new LeaveCommand(), Limit);

        _time.Advance(TimeSpan.FromSeconds(1.9));
        await host.CommandAsync(new LeaveCommand(), Limit);
        Assert.False(rang.Task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        await rang.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_ring()
    {
        var rang = false;
        await using var host = Start(new ScriptedEngine
        {
            Starting = engine => engine.Forget(engine.Later(TimeSpan.FromSeconds(1), () => rang = true)),
            Commanded = (engine, id, command) => engine.Finish(id, command),
        });
        await host.CommandAsync(new LeaveCommand(), Limit);

        _time.Advance(TimeSpan.FromSeconds(2));
        await host.CommandAsync(new LeaveCommand(), Limit);

        Assert.False(rang);
    }

    [Fact]
    public async Task An_engine_that_throws_stops_its_host_and_is_reported()
    {
        await using var host = Start(new ScriptedEngine { Requested = (_, _) => throw new InvalidOperationException("broken") });

        await Assert.ThrowsAsync<NodeUnreachableException>(() => host.AskAsync(Other, default, new Question(), default, Limit));

        Assert.Equal("broken", (await _failure.Task.WaitAsync(Limit)).Message);
    }

    [Fact]
    public async Task A_stopped_host_refuses_requests()
    {
        var host = Start(new ScriptedEngine());
        await host.DisposeAsync();

        await Assert.ThrowsAsync<NodeUnreachableException>(() => host.AskAsync(Other, default, new Question(), default, Limit));
    }

    [Fact]
    public async Task A_request_that_waits_when_the_host_stops_is_refused()
    {
        var received = new TaskCompletionSource();
        var host = Start(new ScriptedEngine { Requested = (_, _) => received.SetResult() });
        var waiting = host.AskAsync(Other, default, new Question(), default, Limit);
        await received.Task.WaitAsync(Limit);

        await host.DisposeAsync();

        await Assert.ThrowsAsync<NodeUnreachableException>(() => waiting);
    }

    [Fact]
    public async Task A_full_mailbox_refuses_requests_instead_of_growing()
    {
        using var release = new ManualResetEventSlim();
        await using var host = Start(new ScriptedEngine { Starting = _ => release.Wait(Limit) });

        var asked = Enumerable.Range(0, EngineHost.MailboxCapacity + 1)
            .Select(_ => host.AskAsync(Other, default, new Question(), default, Limit)).ToList();
        var refused = asked.Count(task => task.IsFaulted);
        release.Set();

        Assert.InRange(refused, 1, 2);
    }

    private EngineHost Start(ScriptedEngine engine, Func<Outgoing, CancellationToken, Task<IMessage>>? answer = null)
    {
        var transport = new ScriptedTransport(answer ?? ((_, _) => throw new NodeUnreachableException("nobody")));
        var host = new EngineHost(engine, transport, _time, NullLogger.Instance, failure => _failure.TrySetResult(failure));
        host.Start();
        return host;
    }
}
