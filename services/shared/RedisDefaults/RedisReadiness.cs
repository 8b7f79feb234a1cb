using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace P2PCloud.RedisDefaults;

/// <summary>Ready when Redis answers a PING.</summary>
internal sealed class RedisReadiness(IConnectionMultiplexer redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (RedisUnavailable.Is(failure))
        {
            return HealthCheckResult.Unhealthy("redis: does not answer");
        }
    }
}
