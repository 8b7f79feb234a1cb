using P2PCloud.OverlayHosting;

namespace P2PCloud.Peer.Overlays;

/// <summary>Waits until the peer is ready, and then has BOOT name it as an entry to the cloud.</summary>
public sealed class Announcement(PeerEngines engines, PeerReadiness readiness, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await engines.Started.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(CheckInterval, time);
            while ((await readiness.PendingAsync(stoppingToken)).Count > 0)
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }

            await engines.AnnounceAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is OperationCanceledException or NodeUnreachableException)
        {
            // The peer stops before it was ready.
        }
    }
}
