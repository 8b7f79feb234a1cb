namespace P2PCloud.Simulation.Scenarios;

/// <summary>Lets a network run and does things to it at set times, from outside.</summary>
internal sealed class Timeline(SimulatedNetwork network)
{
    private readonly PriorityQueue<Action, (TimeSpan Time, long Order)> _actions = new();
    private long _order;

    /// <summary>Since the start of the run.</summary>
    public TimeSpan Now => network.Now - DateTimeOffset.UnixEpoch;

    /// <summary>Does something later.</summary>
    public void After(TimeSpan delay, Action action) => _actions.Enqueue(action, (Now + delay, ++_order));

    /// <summary>Runs until a time, or until <paramref name="stop"/> says so after a slice of it.</summary>
    public void RunTo(TimeSpan end, Func<bool> stop)
    {
        while (!stop() && Now < end)
        {
            var next = _actions.TryPeek(out _, out var due) && due.Time < end ? due.Time : end;
            network.Run(next - Now);
            while (_actions.TryPeek(out var action, out due) && due.Time <= Now)
            {
                _actions.Dequeue();
                action();
            }
        }
    }
}
