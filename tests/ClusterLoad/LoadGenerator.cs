namespace P2PCloud.ClusterLoad;

/// <summary>
/// A steady load on a cloud. It is open-loop: each operation is due at an instant that the seed gives, whether or not earlier ones have
/// ended. An operation that is due while as many as allowed are under way is not started, and recorded as skipped.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    private readonly LoadOptions _options;
    private readonly LoadItems _items;
    private readonly HistoryWriter _history;
    private readonly TimeProvider _time;
    private readonly GatewayOperations _operations;
    private readonly LoadPreparation _preparation;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _stopped;
    private Task _dispatch = Task.CompletedTask;
    private Exception? _failure;

    private LoadGenerator(LoadOptions options, HistoryWriter history, TimeProvider time)
    {
        _options = options;
        _items = new LoadItems(options);
        _history = history;
        _time = time;
        _operations = new GatewayOperations(options, _items, history, time);
        _preparation = new LoadPreparation(options, _items, _operations, time);
        _slots = new SemaphoreSlim(options.UnderWayMax);
        _stopped = new Lazy<Task>(EndAsync);
    }

    /// <summary>All keys of the load.</summary>
    public IReadOnlyList<string> Keys => _items.Keys;

    /// <summary>Writes all keys, shares all files, waits until each technique that has a rate finds all of them, and begins the
    /// load.</summary>
    /// <param name="options">What load.</param>
    /// <param name="history">Gets every operation; remains the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the preparation; it does not end the load.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TimeoutException">The cloud was not ready within the time to prepare; says what was missing.</exception>
    public static async Task<LoadGenerator> StartAsync(
        LoadOptions options, HistoryWriter history, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var generator = new LoadGenerator(options, history, time);
        try
        {
            await generator._preparation.PrepareAsync(cancellationToken);
            generator._dispatch = generator.DispatchAsync(generator._stop.Token);
            return generator;
        }
        catch
        {
            await generator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts no more operations, and waits until each that has started has its outcome: at most the deadline.</summary>
    /// <exception cref="IOException">The load broke off, since the history could not be written.</exception>
    public Task StopAsync() => _stopped.Value;

    /// <summary>Reads every key, for <see cref="CheckResult.KeysLost"/>: after <see cref="StopAsync"/>, when the cloud has had the time to
    /// recover. A read without an answer is tried again.</summary>
    /// <param name="attempts">Reads of one key, at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the reading between two reads.</param>
    public Task ReadAllKeysAsync(int attempts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        return _preparation.ReadAllAsync(attempts, cancellationToken);
    }

    /// <summary>Reads and writes keys in turn through one peer, beside the load. They are no part of a stream, but what they read and write
    /// must fit in with all else.</summary>
    /// <param name="peer">App-id of the entry peer.</param>
    /// <param name="keys">Some of <see cref="Keys"/>.</param>
    /// <param name="rate">Operations a second.</param>
    /// <param name="time">How long operations are started.</param>
    /// <param name="cancellationToken">Starts no more.</param>
    public async Task ProbeAsync(string peer, IReadOnlyList<string> keys, double rate, TimeSpan time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate), _time);
        var until = _history.Now + time;
        for (var number = 0; _history.Now < until; number++)
        {
            var isRead = number % 2 == 0;
            var subject = new OperationSubject(
                isRead ? OperationKind.Get : OperationKind.Put,
                Phase.Probe,
                Key: keys[number / 2 % keys.Count],
                Peer: peer,
                Written: isRead ? null : _items.NextValue());
            await _slots.WaitAsync(cancellationToken);
            Start(subject, _history.Now);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Ends the load and waits as <see cref="StopAsync"/> does.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _operations.Dispose();
        _slots.Dispose();
        _stop.Dispose();
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _dispatch;
        // With all slots taken nothing is under way.
        for (var slot = 0; slot < _options.UnderWayMax; slot++)
        {
            await _slots.WaitAsync();
        }

        if (_failure is { } failure)
        {
            throw new IOException($"The load broke off: {failure.Message}", failure);
        }
    }

    private async Task DispatchAsync(CancellationToken stop)
    {
        try
        {
            await DispatchAllAsync(stop);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }

    private async Task DispatchAllAsync(CancellationToken stop)
    {
        _history.Load(_options.Deadline, LoadSchedule.RatesOf(_options));
        var begin = _history.Now;
        var left = _options.OperationsMax;
        foreach (var next in LoadSchedule.Of(_options, _items))
        {
            if (left-- == 0 || _failure is not null || !await WaitAsync(begin + next.Due, stop))
            {
                return;
            }

            if (await _slots.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            {
                Start(next.Subject.Kind is OperationKind.Put ? next.Subject with { Written = _items.NextValue() } : next.Subject, begin + next.Due);
            }
            else
            {
                _history.Skipped(next.Subject, begin + next.Due);
            }
        }
    }

    /// <returns>False when the load is to stop.</returns>
    private async Task<bool> WaitAsync(TimeSpan due, CancellationToken stop)
    {
        var wait = due - _history.Now;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !stop.IsCancellationRequested;
    }

    /// <summary>Begins an operation in a slot that was taken for it.</summary>
    private void Start(OperationSubject subject, TimeSpan due)
    {
        long id;
        try
        {
            id = _history.Begin(subject, due);
        }
        catch
        {
            _slots.Release();
            throw;
        }

        // Elsewhere, so that no operation delays the next one.
        _ = Task.Run(() => CarryOutAsync(id, subject));
    }

    private async Task CarryOutAsync(long id, OperationSubject subject)
    {
        try
        {
            await _operations.RunAsync(id, subject);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        finally
        {
            _slots.Release();
        }
    }
}
