using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace P2PCloud.ServiceDefaults;

/// <summary>
/// Ready when the sidecar can call other services, where the service goes through one: a stuck sidecar takes the service out. Asks for
/// <c>/v1.0/healthz/outbound</c>, which a sidecar answers before the service is ready, so that neither waits for the other.
/// </summary>
internal sealed class SidecarReadiness(IOptions<InvocationOptions> options, SocketsHttpHandler connections, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private static readonly Meter Meter = new("P2PCloud.Invocation");
    private static readonly Gauge<int> Ready =
        Meter.CreateGauge<int>("p2p.sidecar.ready", "{sidecar}", "1 when the service's sidecar can call other services at the last probe, else 0.");

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var result = await AskAsync(cancellationToken);
        Ready.Record(result.Status is HealthStatus.Healthy ? 1 : 0);
        return result;
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        using var invoker = new HttpMessageInvoker(connections, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(options.Value.DaprEndpoint), "/v1.0/healthz/outbound"));
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var answer = await invoker.SendAsync(request, either.Token);
            return answer.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"sidecar: not ready ({(int)answer.StatusCode})");
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy("sidecar: does not answer");
        }
    }
}
