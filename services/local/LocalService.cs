using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Local;

/// <summary>One service of the cloud, on its own loopback port.</summary>
internal sealed class LocalService(string app, WebApplication host) : IAsyncDisposable
{
    public string App { get; } = app;

    public string Endpoint => host.Urls.First();

    public Task StartAsync(CancellationToken cancellationToken) => host.StartAsync(cancellationToken);

    /// <summary>Stops as on SIGTERM: leaves, finishes what is under way, and ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => host.StopAsync(cancellationToken);

    /// <summary>Ends at once, without a word to anybody.</summary>
    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>What keeps the service from being ready; null when nothing does.</summary>
    public async Task<string?> PendingAsync(CancellationToken cancellationToken)
    {
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var report = await health.CheckHealthAsync(check => check.Tags.Contains(ServiceDefaultsExtensions.ReadyTag), cancellationToken);
        var pending = report.Entries.Values.Where(entry => entry.Status is not HealthStatus.Healthy);
        return report.Status is HealthStatus.Healthy ? null : string.Join(", ", pending.Select(entry => entry.Description ?? entry.Status.ToString()));
    }
}
