using Microsoft.Extensions.Diagnostics.HealthChecks;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Supernode;

/// <summary>Ready when linked with the other leaders.</summary>
public sealed class SupernodeReadiness(SupernodeEngines engines) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (engines.Leader is not { } leader)
        {
            return HealthCheckResult.Unhealthy("starting");
        }

        var status = await leader.CommandAsync(new KazaaLeaderStatusCommand(), cancellationToken);
        return status.Pending is { } pending ? HealthCheckResult.Unhealthy($"kazaa: {pending}") : HealthCheckResult.Healthy();
    }
}
