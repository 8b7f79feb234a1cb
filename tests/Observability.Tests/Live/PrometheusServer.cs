using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace P2PCloud.Observability.Tests.Live;

/// <summary>A series of an answer: its labels and its last value.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>The program prometheus on a free loopback port with the repository's configuration, faster, and targets of one's own.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;
    private readonly StringBuilder _errors = new();

    private PrometheusServer(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="exporterPort">Loopback port at which the services' metrics are given out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PrometheusServer> StartAsync(string program, int exporterPort, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcloud-prometheus-").FullName;
        var port = FreePort();
        Copy(Repository.Prometheus, folder);
        var file = Path.Combine(folder, "prometheus.yml");
        var settings = await File.ReadAllTextAsync(file, cancellationToken);
        await File.WriteAllTextAsync(file, settings.Replace(": 15s", ": 1s", StringComparison.Ordinal), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "targets", "telemetry.yml"), $"- targets: ['127.0.0.1:{exporterPort}']", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "targets", "collector.yml"), $"- targets: ['127.0.0.1:{port}']", cancellationToken);
        var process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                $"--config.file={file}",
                $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
                "--enable-feature=exemplar-storage",
                "--log.level=warn",
            },
            RedirectStandardError = true,
        })!;
        var server = new PrometheusServer(process, folder, port);
        await server.WaitUntilReadyAsync(cancellationToken);
        return server;
    }

    /// <summary>The result of an instant query.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string expression, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", expression)]);
        using var response = await _http.PostAsync(new Uri("api/v1/query", UriKind.Relative), form, cancellationToken);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).RootElement;
        Assert.True(response.IsSuccessStatusCode, $"{expression}: {body}");
        var data = body.GetProperty("data");
        Assert.Equal("vector", data.GetProperty("resultType").GetString());
        return [.. data.GetProperty("result").EnumerateArray().Select(SampleOf)];
    }

    /// <summary>A document of the API.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken)).RootElement.GetProperty("data");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(cancellationToken))
        {
            Assert.False(_process.HasExited, _errors.ToString());
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("-/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Sample SampleOf(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
        double.Parse(series.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
