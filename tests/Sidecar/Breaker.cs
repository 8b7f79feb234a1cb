namespace P2PCloud.Sidecar;

/// <summary>
/// Keeps calls from a callee that fails all the time, as Dapr's does (dapr/dapr, <c>pkg/resiliency/breaker</c>, which is sony/gobreaker): open after so many
/// failures in a row, for some time; then one call is a trial, whose end closes it or keeps it open.
/// </summary>
internal sealed class Breaker(BreakerPolicy policy, TimeProvider time)
{
    private readonly Lock _gate = new();
    private State _state;
    private int _generation;
    private int _failures;
    private bool _isTried;
    private long _since = time.GetTimestamp();

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    /// <summary>Lets a call through.</summary>
    /// <returns>What its end is told with; null when it is not let through.</returns>
    public int? Enter()
    {
        lock (_gate)
        {
            PassTime();
            if (_state is State.Open || _isTried)
            {
                return null;
            }

            _isTried = _state is State.HalfOpen;
            return _generation;
        }
    }

    /// <summary>Tells the end of a call that was let through. One from before the last change of state is past.</summary>
    public void Leave(int generation, bool isWell)
    {
        lock (_gate)
        {
            PassTime();
            if (generation != _generation)
            {
                return;
            }

            _failures = isWell ? 0 : _failures + 1;
            if (!isWell && (_state is State.HalfOpen || _failures >= policy.ConsecutiveFailures))
            {
                Become(State.Open);
            }
            else if (isWell && _state is State.HalfOpen)
            {
                Become(State.Closed);
            }
        }
    }

    private void PassTime()
    {
        var age = time.GetElapsedTime(_since);
        if (_state is State.Open && age >= policy.Timeout)
        {
            Become(State.HalfOpen);
        }
        else if (_state is State.Closed && policy.Interval > TimeSpan.Zero && age >= policy.Interval)
        {
            Become(State.Closed);
        }
    }

    private void Become(State state)
    {
        _state = state;
        _generation++;
        _failures = 0;
        _isTried = false;
        _since = time.GetTimestamp();
    }
}
