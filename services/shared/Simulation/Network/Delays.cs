namespace P2PCloud.Simulation;

/// <summary>
/// Time-outs of calls, and timers. Nearly all of them are over before they are due, and those of equal duration are due in the order in
/// which they began: so there is a first-in-first-out queue for each duration that comes again, of which only the first entry is an event,
/// and those that are over are passed by.
/// </summary>
/// <param name="events">All events of the network.</param>
/// <param name="isOver">Whether a time-out or timer does not matter any more; asked once after it said so.</param>
internal sealed class Delays(EventQueue events, Func<NetworkEvent, bool> isOver)
{
    /// <summary>Engines use a few constants; what they draw at random gets an event each.</summary>
    private const int QueuesMax = 32;
    private const int SeenBits = 6;

    private readonly List<Line> _lines = [];
    private readonly long[] _seen = new long[1 << SeenBits];
    private int _last;

    /// <summary>Schedules an event after all others of its time.</summary>
    /// <param name="now">In ticks.</param>
    /// <param name="duration">In ticks.</param>
    /// <param name="what">Of the call or timer.</param>
    public void Add(long now, long duration, in NetworkEvent what)
    {
        var line = Find(duration);
        if (line < 0)
        {
            events.Push(now + duration, what);
            return;
        }

        var entry = new Entry(now + duration, events.NextOrder(), what);
        _lines[line].Queue.Enqueue(entry);
        if (_lines[line].Queue.Count == 1)
        {
            Watch(line, entry);
        }
    }

    /// <summary>The event of a queue's first entry happens.</summary>
    /// <param name="line">The queue.</param>
    /// <returns>The entry, which may be over.</returns>
    public NetworkEvent Expire(int line)
    {
        var queue = _lines[line].Queue;
        var expired = queue.Dequeue();
        while (queue.TryPeek(out var next))
        {
            if (!isOver(next.What))
            {
                Watch(line, next);
                break;
            }

            queue.Dequeue();
        }

        return expired.What;
    }

    private void Watch(int line, in Entry entry) =>
        events.Push(entry.Time, entry.Order, new NetworkEvent { Kind = EventKind.Delays, Id = line });

    /// <returns>-1 for a duration that has not come lately, and when there are too many.</returns>
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

        ref var seen = ref _seen[(int)(unchecked((ulong)duration * 0x9E3779B97F4A7C15UL) >> (64 - SeenBits))];
        if (seen != duration || _lines.Count == QueuesMax)
        {
            seen = duration;
            return -1;
        }

        _lines.Add(new Line(duration, new Queue<Entry>()));
        return _last = _lines.Count - 1;
    }

    private readonly record struct Line(long Duration, Queue<Entry> Queue);

    private readonly record struct Entry(long Time, long Order, NetworkEvent What);
}
