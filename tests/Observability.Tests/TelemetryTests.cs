using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Observability.Tests;

/// <summary>The pipeline of a process, configured by the standard variables.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void A_node_is_told_from_others_by_its_app_id()
    {
        using var host = Build(new() { ["Node:App"] = "peer-3" });

        Assert.Equal("peer-3", ResourceOf(host)["service.instance.id"]);
        Assert.Equal("peer", ResourceOf(host)["service.name"]);
    }

    [Fact]
    public void The_standard_variables_come_before_what_a_service_says_of_itself()
    {
        using var host = Build(new()
        {
            ["Node:App"] = "peer-3",
            ["OTEL_SERVICE_NAME"] = "demo-peer",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=demo,service.instance.id=demo-peer-3",
        });

        var resource = ResourceOf(host);
        Assert.Equal("demo-peer", resource["service.name"]);
        Assert.Equal("demo", resource["service.namespace"]);
        Assert.Equal("demo-peer-3", resource["service.instance.id"]);
    }

    /// <summary>So that metrics can go to Prometheus, and traces to Jaeger, without a collector.</summary>
    [Fact]
    public async Task Metrics_go_where_their_own_variables_say()
    {
        var paths = new ConcurrentQueue<string>();
        await using var receiver = await ReceiveAsync(paths);
        using var host = Build(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{receiver.Urls.First()}/api/v1/otlp/v1/metrics",
        });

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.Contains("/api/v1/otlp/v1/metrics", paths);
    }

    private static async Task<WebApplication> ReceiveAsync(ConcurrentQueue<string> paths)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = builder.Build();
        receiver.Run(context =>
        {
            paths.Enqueue(context.Request.Path);
            return Task.CompletedTask;
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddProcessTelemetry("peer");
        return builder.Build();
    }

    private static Dictionary<string, object> ResourceOf(IHost host) =>
        host.Services.GetRequiredService<TracerProvider>().GetResource().Attributes.ToDictionary();
}
