namespace P2PCloud.Simulation;

/// <summary>
/// The time-outs of calls. Nearly all calls end before, and equal time-outs expire in the order in which they began: so there is a
/// first-in-first-out queue for each duration, of which only the first call is an event, and those that have ended are passed over.
/// </summary>
internal sealed class Timeouts(EventQueue events, CallTable calls)
{
    /// <summary>Engines use a few constants; whoever draws time-outs at random gets one event for each call.</summary>
    private const int QueuesMax = 32;

    private readonly List<Line> _lines = [];
    private int _last;

    /// <summary>A call begins.</summary>
    /// <param name="now">In ticks.</param>
    /// <param name="duration">In ticks.</param>
    /// <param name="handle">The call.</param>
    public void Add(long now, long duration, long handle)
    {
        var line = Find(duration);
        if (line < 0)
        {
            events.Push(now + duration, new NetworkEvent { Kind = EventKind.Failed, Id = handle });
            return;
        }

        var expiry = new Expiry(now + duration, events.NextOrder(), handle);
        _lines[line].Queue.Enqueue(expiry);
        if (_lines[line].Queue.Count == 1)
        {
            Watch(line, expiry);
        }
    }

    /// <summary>The event of a queue's first call happens.</summary>
    /// <param name="line">The queue.</param>
    /// <returns>The call.</returns>
    public long Expire(int line)
    {
        var queue = _lines[line].Queue;
        var expired = queue.Dequeue();
        while (queue.TryPeek(out var next))
        {
            if (calls.IsOpen(next.Handle))
            {
                Watch(line, next);
                break;
            }

            queue.Dequeue();
        }

        return expired.Handle;
    }

    private void Watch(int line, Expiry expiry) =>
        events.Push(expiry.Time, expiry.Order, new NetworkEvent { Kind = EventKind.Timeouts, Id = line });

    private int Find(long duration)
    {
        if (_last < _lines.Count && _lines[_last].Duration == duration)
        {
            return _last;
        }

        for (var i = 0; i < _lines.Count; i++)
        {
            if (_lines[i].Duration == duration)
            {
                return _last = i;
            }
        }

        if (_lines.Count == QueuesMax)
        {
            return -1;
        }

        _lines.Add(new Line(duration, new Queue<Expiry>()));
        return _last = _lines.Count - 1;
    }

    private readonly record struct Line(long Duration, Queue<Expiry> Queue);

    private readonly record struct Expiry(long Time, long Order, long Handle);
}
