namespace P2PCloud.Gateway.Forwarding;

/// <summary>The watch over one request: its peer is probed at intervals, and two probes in succession without an answer end the wait.</summary>
internal sealed class PeerWatch : IAsyncDisposable
{
    private const int SilentProbes = 2;

    private readonly Func<Task<bool>> _answers;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _silent = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Begins the watch.</summary>
    /// <param name="answers">Asks the peer; true when it has answered.</param>
    /// <param name="interval">From the request to the first probe, and from an answer to the next.</param>
    /// <param name="time">Clock of the interval.</param>
    public PeerWatch(Func<Task<bool>> answers, TimeSpan interval, TimeProvider time)
    {
        (_answers, _interval, _time) = (answers, interval, time);
        Silent = _silent.Token;
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>Cancelled when the peer is silent.</summary>
    public CancellationToken Silent { get; }

    /// <summary>Ends the watch: the peer has answered.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _silent.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var silent = 0; silent < SilentProbes;)
            {
                if (silent == 0)
                {
                    await Task.Delay(_interval, _time, stop);
                }

                silent = await _answers().WaitAsync(stop) ? 0 : silent + 1;
            }

            await _silent.CancelAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
