using Microsoft.Extensions.Options;
using P2PCloud.Overlays.Common;
using P2PCloud.RedisDefaults;

namespace P2PCloud.CentralDirectory;

/// <summary>
/// Frees the memory of ended sessions from time to time. Answers do not depend on it. Its times have jitter, so that replicas do not
/// sweep together, and grow while Redis fails.
/// </summary>
public sealed class SessionSweeper(
    RedisSessions sessions,
    DirectoryMetrics metrics,
    IRandom random,
    TimeProvider time,
    IOptions<DirectoryOptions> options,
    ILogger<SessionSweeper> logger) : BackgroundService
{
    private const double Jitter = 0.2;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (usual, longest) = (options.Value.SweepInterval, options.Value.SweepRetryMax);
        var delay = usual;
        try
        {
            while (true)
            {
                await Task.Delay(random.NextAround(delay, Jitter), time, stoppingToken);
                delay = await SweepOnceAsync(stoppingToken) ? usual : delay * 2 < longest ? delay * 2 : longest;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> SweepOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (expired, postings) = await sessions.SweepAsync(cancellationToken);
            metrics.Swept(expired, postings);
            logger.Swept(expired, postings);
            return true;
        }
        catch (Exception failure) when (RedisUnavailable.Is(failure))
        {
            metrics.Failed();
            logger.SweepFailed(failure.Message);
            return false;
        }
    }
}
