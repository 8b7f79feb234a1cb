using System.Net.Http.Json;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cloud as gateways see it.</summary>
public sealed class GatewayView : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Asks one gateway.</summary>
    /// <exception cref="HttpRequestException">It did not answer.</exception>
    public async Task<Topology> ReadAsync(Uri gateway, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync(new Uri(gateway, "/api/v1/topology"), ContractsJsonContext.Default.Topology, cancellationToken))!;

    /// <summary>Waits until nothing is missing at any of the gateways.</summary>
    /// <param name="gateways">All that run.</param>
    /// <param name="missing">What is missing in a topology.</param>
    /// <param name="limit">Longest time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Says what was missing last, and at which gateway.</exception>
    public async Task WaitAsync(
        IEnumerable<Uri> gateways, Func<Topology, IReadOnlyList<string>> missing, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        var start = TimeProvider.System.GetTimestamp();
        foreach (var gateway in gateways)
        {
            while (await MissingAsync(gateway, missing, cancellationToken) is { Count: > 0 } faults)
            {
                if (TimeProvider.System.GetElapsedTime(start) > limit)
                {
                    throw new TimeoutException($"At {gateway}, {limit.TotalSeconds:0} s were not enough: {string.Join("; ", faults)}.");
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        if (TimeProvider.System.GetElapsedTime(start) is var elapsed && elapsed > limit)
        {
            throw new TimeoutException($"All was there after {elapsed.TotalSeconds:0.0} s only; {limit.TotalSeconds:0} s are allowed.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<string>> MissingAsync(
        Uri gateway, Func<Topology, IReadOnlyList<string>> missing, CancellationToken cancellationToken)
    {
        try
        {
            return missing(await ReadAsync(gateway, cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            return [failure.Message];
        }
        catch (TaskCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return [failure.Message];
        }
    }
}
