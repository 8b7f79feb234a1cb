using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using P2PCloud.Local.Tests.Telemetry;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Local.Tests;

/// <summary>A cloud of 16 peers that shares this repository's sources and exports its spans.</summary>
public sealed class CloudFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));
    private IHost _telemetry = null!;

    public LocalCloud Cloud { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Folder => _folder;

    internal OtlpReceiver Receiver { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Receiver = await OtlpReceiver.StartAsync(_limit.Token);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Endpoint,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        builder.AddProcessTelemetry("p2pcloud-tests");
        _telemetry = builder.Build();
        await _telemetry.StartAsync(_limit.Token);
        var options = new LocalCloudOptions { Port = 0, ShareFolder = RepositoryFiles.CopyTo(_folder) };
        Cloud = await LocalCloud.StartAsync(options, null, _limit.Token);
        await Cloud.WaitUntilReadyAsync(_limit.Token);
        Http = new HttpClient { BaseAddress = Cloud.Gateway };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Cloud.DisposeAsync();
        await _telemetry.StopAsync(_limit.Token);
        _telemetry.Dispose();
        await Receiver.DisposeAsync();
        _limit.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
