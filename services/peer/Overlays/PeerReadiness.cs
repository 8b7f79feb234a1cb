using Microsoft.Extensions.Diagnostics.HealthChecks;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Peer.Overlays;

/// <summary>Ready when every overlay is joined and every shared file can be found in each.</summary>
public sealed class PeerReadiness(PeerEngines engines, SharingService sharing) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var pending = await PendingAsync(cancellationToken);
        return pending.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join('\n', pending));
    }

    /// <summary>What is missing, a line each.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        var overlays = await engines.PendingAsync(cancellationToken);
        return sharing.Pending is { } pending ? [pending, .. overlays] : overlays;
    }
}
