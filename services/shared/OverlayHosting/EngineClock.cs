namespace P2PCloud.OverlayHosting;

/// <summary>Time for an engine: the wall clock at the start plus monotonic time since, so that it never jumps or runs backwards.</summary>
public sealed class EngineClock
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private readonly long _startTimestamp;

    /// <summary>A clock that starts now.</summary>
    public EngineClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetUtcNow();
        _startTimestamp = time.GetTimestamp();
    }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _start + _time.GetElapsedTime(_startTimestamp);
}
