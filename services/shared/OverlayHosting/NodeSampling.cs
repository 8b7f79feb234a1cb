using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>Asks the nodes of one service for their state at intervals, for <see cref="NodeGauges"/>.</summary>
public abstract class NodeSampling(IOptions<NodeOptions> options, TimeProvider time) : BackgroundService
{
    private const double Jitter = 0.2;

    private readonly IRandom _random = Seeds.Fresh();

    /// <summary>App-id of the service.</summary>
    protected string App => options.Value.App!;

    /// <summary>Shows the state of each node.</summary>
    /// <exception cref="NodeUnreachableException">The nodes do not run yet, or no longer.</exception>
    protected abstract Task ShowAsync(CancellationToken cancellationToken);

    /// <summary>Forgets each node.</summary>
    protected abstract void Forget();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_random.NextAround(options.Value.SampleInterval, Jitter), time, stoppingToken);
                await ShowOrForgetAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            Forget();
        }
    }

    private async Task ShowOrForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ShowAsync(cancellationToken);
        }
        catch (NodeUnreachableException)
        {
            Forget();
        }
    }
}
