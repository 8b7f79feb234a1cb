using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Local;

/// <summary>The one telemetry pipeline of a process that runs many services.</summary>
public static class LocalTelemetry
{
    /// <summary>Starts it, configured by the standard OTEL_ variables. Disposing it sends what is left.</summary>
    public static async Task<IHost> StartAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.ClearProviders();
        builder.AddProcessTelemetry("p2pcloud");
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
