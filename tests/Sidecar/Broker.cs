namespace P2PCloud.Sidecar;

/// <summary>
/// The message broker behind pub/sub components, as Dapr's Redis component uses Redis streams: a topic is a log that is kept; each consumer
/// group has a place of its own in it and begins at its oldest event; a member of a group takes an event, and one that it does not
/// acknowledge in time goes to any member again. Delivery is at least once, in no order that can be relied on.
/// </summary>
/// <param name="components">Names of the pub/sub components.</param>
public sealed class Broker(params IReadOnlyList<string> components)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Component, string Topic), Log> _logs = [];
    private readonly Faults _losses = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long an event may be with a member of a group before it is delivered again: <c>processingTimeout</c>.</summary>
    public TimeSpan ProcessingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Events that a topic keeps; older ones go, whoever has not had them yet: <c>maxLenApprox</c>.</summary>
    public int LengthMax { get; init; } = int.MaxValue;

    /// <summary>Clock of redelivery.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Loses the next acknowledgements: events that were carried out are delivered again.</summary>
    public void LoseAcknowledgements(int count) => _losses.Ask(count);

    /// <summary>Events that members of a group have been given and have not acknowledged.</summary>
    public int PendingOf(string component, string topic, string group)
    {
        lock (_gate)
        {
            return GroupOf(LogOf(component, topic), group).Pending.Count;
        }
    }

    /// <summary>Whether there is a component of this name.</summary>
    internal bool Has(string component) => components.Contains(component);

    /// <summary>Appends an event to a topic.</summary>
    internal void Publish(string component, string topic, byte[] happened)
    {
        lock (_gate)
        {
            var log = LogOf(component, topic);
            log.Events.Add(happened);
            var surplus = log.Events.Count - LengthMax;
            if (surplus > 0)
            {
                log.Events.RemoveRange(0, surplus);
                log.First += surplus;
            }

            Signal();
        }
    }

    /// <summary>The next event for a member of a group: one that nobody of the group has had, or one that was not acknowledged in time.</summary>
    internal async Task<Delivery> TakeAsync(string component, string topic, string group, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan? wait;
            lock (_gate)
            {
                var log = LogOf(component, topic);
                if (Next(log, GroupOf(log, group), out wait) is { } number)
                {
                    return new Delivery(log.Events[(int)(number - log.First)], () => Acknowledge(log, group, number));
                }

                changed = _changed.Task;
            }

            await WaitAsync(changed, wait, cancellationToken);
        }
    }

    private long? Next(Log log, Group group, out TimeSpan? wait)
    {
        wait = null;
        foreach (var gone in group.Pending.Keys.Where(number => number < log.First).ToList())
        {
            group.Pending.Remove(gone);
        }

        group.Next = Math.Max(group.Next, log.First);
        long? number = group.Next < log.First + log.Events.Count ? group.Next++ : null;
        if (number is null && group.Pending.Count > 0)
        {
            var (oldest, since) = group.Pending.MinBy(pending => pending.Value);
            var left = ProcessingTimeout - Time.GetElapsedTime(since);
            number = left <= TimeSpan.Zero ? oldest : null;
            wait = number is null ? left : null;
        }

        if (number is { } taken)
        {
            group.Pending[taken] = Time.GetTimestamp();
            // The others wait for its time, should this member keep it.
            Signal();
        }

        return number;
    }

    private async Task WaitAsync(Task changed, TimeSpan? wait, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(wait ?? Timeout.InfiniteTimeSpan, Time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Acknowledge(Log log, string group, long number)
    {
        if (_losses.Happens())
        {
            return;
        }

        lock (_gate)
        {
            log.Groups[group].Pending.Remove(number);
        }
    }

    private Log LogOf(string component, string topic)
    {
        if (!_logs.TryGetValue((component, topic), out var log))
        {
            _logs[(component, topic)] = log = new Log();
        }

        return log;
    }

    private Group GroupOf(Log log, string name)
    {
        if (!log.Groups.TryGetValue(name, out var group))
        {
            log.Groups[name] = group = new Group();
            Signal();
        }

        return group;
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The events of a topic from number <see cref="First"/> on.</summary>
    private sealed class Log
    {
        public List<byte[]> Events { get; } = [];

        public Dictionary<string, Group> Groups { get; } = [];

        public long First { get; set; }
    }

    /// <summary>What a group has had: all before <see cref="Next"/>, of which the pending ones are not acknowledged.</summary>
    private sealed class Group
    {
        public Dictionary<long, long> Pending { get; } = [];

        public long Next { get; set; }
    }
}

/// <summary>An event on its way to a member of a group.</summary>
/// <param name="Event">CloudEvents 1.0, JSON.</param>
/// <param name="Acknowledge">The group need not have it again.</param>
internal sealed record Delivery(byte[] Event, Action Acknowledge);
