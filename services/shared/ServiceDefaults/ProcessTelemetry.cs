using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using P2PCloud.Contracts;

namespace P2PCloud.ServiceDefaults;

/// <summary>
/// The telemetry pipeline. Listeners are process-wide, so a process has exactly one, whatever the number of services in it. It
/// exports over OTLP when the standard variable OTEL_EXPORTER_OTLP_ENDPOINT is set.
/// </summary>
public static class ProcessTelemetry
{
    /// <summary>Between two exports of metrics, unless OTEL_METRIC_EXPORT_INTERVAL says otherwise: as often as Prometheus scrapes.</summary>
    private const int MetricMilliseconds = 15_000;

    /// <summary>Paths of messages between nodes: their spans are the hops, made by the overlays themselves.</summary>
    private static readonly string[] NodePaths = ["/boot/", "/napster/", "/gnutella/", "/kazaa/", "/chord/", "/healthz/", "/state"];

    private static readonly string? Version = typeof(ProcessTelemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>Registers the pipeline of this process.</summary>
    public static TBuilder AddProcessTelemetry<TBuilder>(this TBuilder builder, string serviceName)
        where TBuilder : IHostApplicationBuilder
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and so stands.
            .ConfigureResource(resource => resource
                .AddService(serviceName, serviceVersion: Version, serviceInstanceId: builder.Configuration["Node:App"])
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource(TelemetryNames.Overlays)
                .AddAspNetCoreInstrumentation(options => options.Filter = IsNotNodeMessage))
            .WithMetrics(metrics => metrics
                .AddMeter("P2PCloud.*")
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
            builder.Services.Configure<MetricReaderOptions>(
                options => options.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds ??= MetricMilliseconds);
        }

        return builder;
    }

    private static bool IsNotNodeMessage(HttpContext context) =>
        !Array.Exists(NodePaths, path => context.Request.Path.Value?.StartsWith(path, StringComparison.Ordinal) is true);
}
