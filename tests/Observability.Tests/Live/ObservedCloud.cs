using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using P2PCloud.Contracts;
using P2PCloud.Local;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Observability.Tests.Live;

/// <summary>
/// A small cloud at work whose metrics an exporter of Prometheus' format gives out, in the collector's place, to a running Prometheus: null
/// where there is none. One peer has left gracefully, and one service looks for a sidecar that is missing.
/// </summary>
public sealed class ObservedCloud : IAsyncLifetime
{
    /// <summary>Of the tests that share one.</summary>
    public const string Collection = nameof(ObservedCloud);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private readonly CancellationTokenSource _ended = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly int _exporterPort = PrometheusServer.FreePort();
    private LocalCloud _cloud = null!;
    private HttpClient _http = null!;
    private IHost _telemetry = null!;
    private WebApplication _lonely = null!;
    private Task _traffic = Task.CompletedTask;

    internal Declarations Declared { get; } = new();

    internal PrometheusServer? Prometheus { get; private set; }

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["hey jude", "let it be", "yesterday", "hey bulldog"])
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{name}.txt"), name, _limit.Token);
        }

        _telemetry = StartTelemetry();
        await _telemetry.StartAsync(_limit.Token);
        var options = new LocalCloudOptions { Peers = 5, Supernodes = 2, VirtualNodes = 2, Port = 0, ShareFolder = _folder, Configure = SampleOften };
        _cloud = await LocalCloud.StartAsync(options, null, _limit.Token);
        await _cloud.WaitUntilReadyAsync(_limit.Token);
        await LookForMissingSidecarAsync();
        await _cloud.StopServiceAsync(AppIds.Peer(4), _limit.Token);
        _http = new HttpClient { BaseAddress = _cloud.Gateway };
        await WorkAsync(0, _limit.Token);
        _traffic = WorkOnAsync(_ended.Token);
        if (Tool.TryFind("prometheus") is { } program)
        {
            Prometheus = await PrometheusServer.StartAsync(program, _exporterPort, _limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _traffic;
        if (Prometheus is not null)
        {
            await Prometheus.DisposeAsync();
        }

        Declared.Dispose();
        _http.Dispose();
        await _cloud.DisposeAsync();
        await _lonely.DisposeAsync();
        await _telemetry.StopAsync(CancellationToken.None);
        _telemetry.Dispose();
        _limit.Dispose();
        _ended.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IHost StartTelemetry()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddProcessTelemetry("p2pcloud");
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics =>
            metrics.AddPrometheusHttpListener(options =>
            {
                options.Host = "127.0.0.1";
                options.Port = _exporterPort;
            }));
        return builder.Build();
    }

    private static void SampleOften(string app, WebApplicationBuilder builder) =>
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Node:SampleInterval"] = "00:00:00.500" });

    private async Task LookForMissingSidecarAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--Invocation:Mode=Dapr", $"--Invocation:DaprEndpoint=http://127.0.0.1:{PrometheusServer.FreePort()}"]);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        _lonely = builder.Build();
        await _lonely.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(_limit.Token);
    }

    private async Task WorkOnAsync(CancellationToken ended)
    {
        try
        {
            for (var round = 1; ; round++)
            {
                await WorkAsync(round, ended);
                await Task.Delay(Pause, TimeProvider.System, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    /// <summary>A lookup by each technique, and operations on keys.</summary>
    private async Task WorkAsync(int round, CancellationToken cancellationToken)
    {
        foreach (var technique in Techniques.All)
        {
            await SendAsync(HttpMethod.Get, $"api/v1/lookups?q=hey&technique={technique}", cancellationToken);
        }

        await SendAsync(HttpMethod.Put, $"api/v1/keys/key-{round % 50}", cancellationToken);
        await SendAsync(HttpMethod.Get, $"api/v1/keys/key-{round % 50}", cancellationToken);
        await SendAsync(HttpMethod.Delete, $"api/v1/keys/key-{(round + 25) % 50}", cancellationToken);
    }

    private async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = method == HttpMethod.Put ? new StringContent("value") : null;
        using var response = await _http.SendAsync(request, cancellationToken);
    }
}

[CollectionDefinition(ObservedCloud.Collection)]
public sealed class SharedObservedCloud : ICollectionFixture<ObservedCloud>;
