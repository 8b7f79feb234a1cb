namespace P2PCloud.Cluster.Tests;

/// <summary>Asks gateways whether the whole cloud is ready.</summary>
public sealed class GatewayReadiness : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until every gateway says that all its overlays are ready.</summary>
    /// <exception cref="TimeoutException">Says what a gateway answered last.</exception>
    public async Task WaitAsync(IReadOnlyList<Uri> gateways, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var start = TimeProvider.System.GetTimestamp();
        foreach (var gateway in gateways)
        {
            while (await PendingAsync(gateway, cancellationToken) is { } pending)
            {
                if (TimeProvider.System.GetElapsedTime(start) > limit)
                {
                    throw new TimeoutException($"{gateway} is not ready after {limit.TotalSeconds} s: {pending}");
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?> PendingAsync(Uri gateway, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(gateway, "/healthz/ready"), cancellationToken);
            return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure.Message;
        }
    }
}
