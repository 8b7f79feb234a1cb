using System.Text.Json;
using P2PCloud.Cli.Simulate;
using P2PCloud.Local;

namespace P2PCloud.Cli.Tests;

public sealed class CompareCloudTests : IAsyncLifetime
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private LocalCloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        var shared = Directory.CreateDirectory(_folder.At("shared"));
        await File.WriteAllTextAsync(Path.Combine(shared.FullName, "one.txt"), "la la", Limit);
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 8, VirtualNodes = 1, Port = 0, ShareFolder = shared.FullName }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_running_cloud_is_compared_and_left_without_the_files_of_the_comparison()
    {
        var outcome = await Simulator.RunAsync(
            ["compare", "--files", "24", "--queries", "12", "--out", _folder.At("r"), "--gateway", $"{_cloud.Gateway}", "--output", "json"],
            Simulations.Real);

        Assert.Equal((ExitCodes.Ok, ""), (outcome.ExitCode, outcome.Error));
        using var json = JsonDocument.Parse(string.Concat(outcome.Lines));
        var recalls = json.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(
            row => (row.GetProperty("technique").GetString(), row.GetProperty("mode").GetString()),
            row => row.GetProperty("figures").EnumerateArray().Single(figure => figure.GetProperty("name").GetString() == "recall").GetProperty("measured").GetDouble());
        Assert.Equal(1, recalls[("napster", "")]);
        Assert.Equal(1, recalls[("kazaa", "")]);
        Assert.Equal(1, recalls[("chord", "recursive")]);
        Assert.Equal(1, recalls[("chord", "iterative")]);
        Assert.Equal(1, recalls[("gnutella", "flood")]);
        Assert.True(File.Exists(_folder.At("r/index.html")));

        using var http = new HttpClient { BaseAddress = _cloud.Gateway };
        var left = await http.GetStringAsync(new Uri("/api/v1/files", UriKind.Relative), Limit);
        Assert.DoesNotContain("compare - ", left, StringComparison.Ordinal);
    }
}
