using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.OverlayHosting.Tests;

/// <summary>How long a node that is told to stop goes on answering.</summary>
public sealed class NodeLifecycleTests
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_node_that_has_left_answers_until_its_drain_time_is_over()
    {
        var stopping = Create(Task.CompletedTask, deadline: Drain * 2).StoppingAsync(TestContext.Current.CancellationToken);
        _time.Advance(Drain - TimeSpan.FromMilliseconds(1));
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await stopping.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_answers_no_longer_than_it_may_take_to_leave()
    {
        var stopping = Create(Task.CompletedTask, deadline: Drain / 2).StoppingAsync(TestContext.Current.CancellationToken);
        Assert.False(stopping.IsCompleted);

        _time.Advance(Drain / 2);

        await stopping.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_that_is_hurried_stops_answering_at_once()
    {
        using var hurry = new CancellationTokenSource();
        var stopping = Create(Task.CompletedTask, deadline: Drain * 2).StoppingAsync(hurry.Token);
        Assert.False(stopping.IsCompleted);

        await hurry.CancelAsync();

        await stopping.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_that_could_not_leave_does_not_wait() =>
        await Create(Task.FromException(new NodeUnreachableException("nobody took the keys")), deadline: Drain * 2)
            .StoppingAsync(TestContext.Current.CancellationToken).WaitAsync(TestContext.Current.CancellationToken);

    private NodeLifecycle Create(Task leave, TimeSpan deadline) =>
        IdleNode.Create(new NodeOptions { App = "peer-0", LeaveDeadline = deadline, DrainTime = Drain }, leave, _time);
}
