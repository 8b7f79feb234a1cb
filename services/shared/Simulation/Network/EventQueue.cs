namespace P2PCloud.Simulation;

/// <summary>What a <see cref="NetworkEvent"/> is about.</summary>
internal enum EventKind : byte
{
    /// <summary>The first input of a node.</summary>
    Start,

    /// <summary>A request arrives.</summary>
    Request,

    /// <summary>A reply arrives.</summary>
    Reply,

    /// <summary>A call ends without a reply: at its time-out, or refused.</summary>
    Failed,

    /// <summary>A timer is due.</summary>
    Due,

    /// <summary>A command is given.</summary>
    Command,

    /// <summary>A paused node goes on.</summary>
    Resume,

    /// <summary>The first entry of a queue of time-outs or timers is due.</summary>
    Delays,

    /// <summary>Logged only: a message is lost.</summary>
    Lost,

    /// <summary>Logged only: a node was added.</summary>
    Add,

    /// <summary>Logged only: a node was killed.</summary>
    Kill,

    /// <summary>Logged only: a node was paused.</summary>
    Pause,
}

/// <summary>Something that happens later. Which fields mean something depends on the kind.</summary>
internal struct NetworkEvent
{
    /// <summary>The message or the command.</summary>
    public object? Body;

    /// <summary>Of the call (its handle), request, timer, command, or queue of <see cref="Simulation.Delays"/>.</summary>
    public long Id;

    /// <summary>The sender's clock at sending, in ticks.</summary>
    public long SentAt;

    /// <summary>The node that it happens to.</summary>
    public int Node;

    /// <summary>The sender of a request; elsewhere the incarnation of the node that it is meant for.</summary>
    public int Other;

    public EventKind Kind;
}

/// <summary>
/// Events in the order of their time, and at equal times in the order in which they were scheduled. A 4-ary heap of 16-byte keys
/// (four children are one cache line); the events themselves stay where they are.
/// </summary>
internal sealed class EventQueue
{
    private const int SlotBits = 26;
    private const long SlotMask = (1L << SlotBits) - 1;
    private const int Arity = 4;

    private Key[] _heap = new Key[64];
    private NetworkEvent[] _events = new NetworkEvent[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;
    private long _lastOrder;

    /// <summary>Events that have not happened yet.</summary>
    public int Count { get; private set; }

    /// <summary>Time of the next event in ticks; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextTime => Count == 0 ? long.MaxValue : _heap[0].Time;

    /// <summary>A place in the order of events, after all those before.</summary>
    public long NextOrder() => ++_lastOrder;

    /// <summary>Schedules an event after all others of that time.</summary>
    public void Push(long time, in NetworkEvent what) => Push(time, NextOrder(), what);

    /// <summary>Schedules an event at a place that <see cref="NextOrder"/> gave.</summary>
    /// <exception cref="InvalidOperationException">More than 67 million events are scheduled.</exception>
    public void Push(long time, long order, in NetworkEvent what)
    {
        var slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
        _events[slot] = what;
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        Rise(Count++, new Key(time, (order << SlotBits) | (uint)slot));
    }

    /// <summary>Takes the next event out.</summary>
    /// <param name="what">The event.</param>
    /// <returns>Its time in ticks.</returns>
    public long Pop(out NetworkEvent what)
    {
        var first = _heap[0];
        var slot = (int)(first.OrderAndSlot & SlotMask);
        what = _events[slot];
        _events[slot].Body = null;
        _free[_freeCount++] = slot;
        var last = _heap[--Count];
        if (Count > 0)
        {
            Sink(last);
        }

        return first.Time;
    }

    private int NewSlot()
    {
        if (_used == _events.Length)
        {
            if (_used > SlotMask)
            {
                throw new InvalidOperationException($"More than {_used} events are scheduled.");
            }

            Array.Resize(ref _events, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }

        return _used++;
    }

    private void Rise(int index, Key key)
    {
        var heap = _heap;
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!key.IsBefore(heap[parent]))
            {
                break;
            }

            heap[index] = heap[parent];
            index = parent;
        }

        heap[index] = key;
    }

    private void Sink(Key key)
    {
        var heap = _heap.AsSpan(0, Count);
        var index = 0;
        while (true)
        {
            var child = (index * Arity) + 1;
            if (child >= heap.Length)
            {
                break;
            }

            var least = child;
            var end = Math.Min(child + Arity, heap.Length);
            for (var other = child + 1; other < end; other++)
            {
                if (heap[other].IsBefore(heap[least]))
                {
                    least = other;
                }
            }

            if (!heap[least].IsBefore(key))
            {
                break;
            }

            heap[index] = heap[least];
            index = least;
        }

        heap[index] = key;
    }

    private readonly struct Key(long time, long orderAndSlot)
    {
        public readonly long Time = time;

        public readonly long OrderAndSlot = orderAndSlot;

        public bool IsBefore(in Key other) =>
            Time < other.Time || (Time == other.Time && OrderAndSlot < other.OrderAndSlot);
    }
}
