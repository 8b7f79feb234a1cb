namespace P2PCloud.Cli.Tests;

/// <summary>A clock whose timers fire at once: pauses between tries take no time.</summary>
internal sealed class HastyTime : TimeProvider
{
    private long _passed;

    /// <summary>How long all pauses would have taken.</summary>
    public TimeSpan Passed => TimeSpan.FromTicks(Interlocked.Read(ref _passed));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var endless = dueTime == Timeout.InfiniteTimeSpan;
        Interlocked.Add(ref _passed, endless ? 0 : dueTime.Ticks);
        return System.CreateTimer(callback, state, endless ? dueTime : TimeSpan.Zero, period);
    }
}
