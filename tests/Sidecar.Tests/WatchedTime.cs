using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.Sidecar.Tests;

/// <summary>A clock that stands still until it is moved, and knows which waits have begun on it.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _begun = new();

    /// <summary>Ends once so many waits of this length have begun: a move of time before that would not shorten them.</summary>
    public Task BegunAsync(TimeSpan length, int count = 1) => Pair.UntilAsync(() => _begun.Count(begun => begun == length) >= count);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _begun.Enqueue(dueTime);
        return timer;
    }
}
