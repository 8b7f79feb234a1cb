using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Observability.Tests;

/// <summary>The pipeline of a process, configured by the standard variables.</summary>
public sealed class TelemetryTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public void A_node_is_told_from_others_by_its_app_id()
    {
        using var host = Build(new() { ["Node:App"] = "peer-3" });

        Assert.Equal("peer-3", ResourceOf(host)["service.instance.id"]);
        Assert.Equal("peer", ResourceOf(host)["service.name"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", ResourceOf(host)["service.version"].ToString());
    }

    [Fact]
    public void The_standard_variables_come_before_what_a_service_says_of_itself()
    {
        using var host = Build(new()
        {
            ["Node:App"] = "peer-3",
            ["OTEL_SERVICE_NAME"] = "demo-peer",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=demo,service.instance.id=demo-peer-3,service.version=1.2.3-beta",
        });

        var resource = ResourceOf(host);
        Assert.Equal("demo-peer", resource["service.name"]);
        Assert.Equal("demo", resource["service.namespace"]);
        Assert.Equal("demo-peer-3", resource["service.instance.id"]);
        Assert.Equal("1.2.3-beta", resource["service.version"]);
    }

    /// <summary>So that metrics can go to Prometheus, and traces to Jaeger, without a collector.</summary>
    [Fact]
    public async Task Metrics_go_where_their_own_variables_say()
    {
        var paths = new ConcurrentQueue<string>();
        await using var receiver = await ReceiveAsync(paths);
        using var host = Build(new()
        {
            [Endpoint] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{receiver.Urls.First()}/api/v1/otlp/v1/metrics",
        });

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.Contains("/api/v1/otlp/v1/metrics", paths);
    }

    /// <summary>Windows of a minute need several values, and a node that is silent for one counts as gone at the collector.</summary>
    [Fact]
    public void Metrics_are_sent_as_often_as_they_are_scraped_and_drawn()
    {
        using var host = Build(new() { [Endpoint] = "http://127.0.0.1:1" });

        var interval = $"{IntervalOf(host) / 1000}s";
        Assert.Equal(interval, Yaml.Load("prometheus", "prometheus.yml")["global", "scrape_interval"].Text);
        var prometheus = Yaml.Load("grafana", "provisioning", "datasources", "datasources.yaml")["datasources"].Items.Single(it => it["type"].Text == "prometheus");
        Assert.Equal(interval, prometheus["jsonData", "timeInterval"].Text);
    }

    [Fact]
    public async Task Metrics_are_sent_as_often_as_the_standard_variable_says()
    {
        var paths = new ConcurrentQueue<string>();
        await using var receiver = await ReceiveAsync(paths);
        using var host = Build(new()
        {
            [Endpoint] = receiver.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        });
        host.Services.GetRequiredService<MeterProvider>();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (paths.Count(path => path == "/v1/metrics") < 3)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(100, IntervalOf(host));
    }

    private static int? IntervalOf(IHost host) =>
        host.Services.GetRequiredService<IOptions<MetricReaderOptions>>().Value.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds;

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
