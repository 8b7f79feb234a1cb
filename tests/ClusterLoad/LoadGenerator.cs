namespace P2PCloud.ClusterLoad;

/// <summary>
/// A steady load on a cloud. It is open-loop: each operation is due at an instant that the seed gives, whether or not earlier ones have ended.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    /// <summary>Writes all keys, shares all files, waits until each technique finds all of them, and begins the load.</summary>
    /// <param name="options">What load.</param>
    /// <param name="history">Gets every operation; remains the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the preparation; it does not end the load.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TimeoutException">The cloud was not ready within the time to prepare; says what was missing.</exception>
    public static Task<LoadGenerator> StartAsync(LoadOptions options, HistoryWriter history, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        throw new NotSupportedException("not written yet");
    }

    /// <summary>Starts no more operations, and waits until each that has started has its outcome: at most the deadline.</summary>
    public Task StopAsync() => throw new NotSupportedException("not written yet");

    /// <summary>Reads every key, for <see cref="CheckResult.KeysLost"/>: after <see cref="StopAsync"/>, when the cloud has had the time to
    /// recover. A read without an answer is tried again.</summary>
    /// <param name="attempts">Reads of one key, at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task ReadAllKeysAsync(int attempts, CancellationToken cancellationToken) => throw new NotSupportedException("not written yet");

    /// <summary>Ends the load and waits as <see cref="StopAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();
}
