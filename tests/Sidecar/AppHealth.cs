namespace P2PCloud.Sidecar;

/// <summary>How a sidecar finds out whether its app is well (annotations <c>dapr.io/app-health-*</c>). Times are Dapr's own where none are given.</summary>
/// <param name="Path">What is asked for; an answer from 200 to 299 means well.</param>
public sealed record HealthPolicy(string Path)
{
    /// <summary>From one probe to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An answer that takes longer is a failure.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>So many failures make the app unwell.</summary>
    public int Threshold { get; init; } = 3;
}

/// <summary>
/// Whether the app is well: not before the first good probe. As in Dapr (dapr/dapr, <c>pkg/apphealth/health.go</c>) failures are counted from anew only once
/// the app was unwell: good probes between them do not matter. Not reproduced: that subscriptions pause meanwhile.
/// </summary>
internal sealed class AppHealth(SidecarSettings settings, HttpMessageInvoker invoker)
{
    private int _failures = settings.Health?.Threshold ?? 0;
    private int _probes;

    /// <summary>Probes that have ended, and count.</summary>
    public int Probes => Volatile.Read(ref _probes);

    /// <summary>Whether the app is given calls.</summary>
    public bool IsWell => settings.Health is not { } policy || Volatile.Read(ref _failures) < policy.Threshold;

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Health is not { } policy)
        {
            return;
        }

        using var timer = new PeriodicTimer(policy.Interval, settings.Time);
        do
        {
            var isWell = await ProbeAsync(policy, cancellationToken);
            if (isWell != IsWell)
            {
                Volatile.Write(ref _failures, isWell ? 0 : _failures + 1);
            }

            Interlocked.Increment(ref _probes);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<bool> ProbeAsync(HealthPolicy policy, CancellationToken cancellationToken)
    {
        if (settings.AppAddress() is not { } address)
        {
            return false;
        }

        using var timer = new CancellationTokenSource(policy.Timeout, settings.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(address), policy.Path));
        try
        {
            using var answer = await invoker.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
