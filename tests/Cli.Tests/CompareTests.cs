using System.Text.Json;
using P2PCloud.Cli.Simulate;

namespace P2PCloud.Cli.Tests;

public sealed class CompareTests
{
    private static readonly string[] Small = ["compare", "--simulate", "--nodes", "16", "--largest", "32", "--files", "20", "--queries", "10", "--replicas", "1"];

    [Fact]
    public async Task A_simulated_comparison_writes_a_page_JSON_and_CSV()
    {
        using var folder = new TemporaryFolder();

        var outcome = await Simulator.RunAsync([.. Small, "--out", folder.At("r")], Simulations.Real);

        Assert.Equal((ExitCodes.Ok, ""), (outcome.ExitCode, outcome.Error));
        var page = await File.ReadAllTextAsync(folder.At("r/index.html"), TestContext.Current.CancellationToken);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(folder.At("r/comparison.json"), TestContext.Current.CancellationToken));
        Assert.Equal(10, json.RootElement.GetProperty("rows").GetArrayLength());
        Assert.NotEmpty(json.RootElement.GetProperty("curves").EnumerateArray());
        var csv = await File.ReadAllLinesAsync(folder.At("r/comparison.csv"), TestContext.Current.CancellationToken);
        Assert.StartsWith("technique,mode,label,figure", csv[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_with_the_same_seed_print_identical_JSON()
    {
        using var folder = new TemporaryFolder();
        string[] args = [.. Small, "--seed", "5", "--out", folder.At("r"), "--output", "json"];

        var first = await Simulator.RunAsync(args, Simulations.Real);
        var second = await Simulator.RunAsync(args, Simulations.Real);

        Assert.Equal(first.Lines, second.Lines);
    }

    [Theory]
    [InlineData("--popularity is uniform or zipf:S", "--simulate", "--popularity", "often")]
    [InlineData("--nodes is 16 to 16384", "--simulate", "--nodes", "8")]
    [InlineData("--replicas is 1 to 8", "--simulate", "--replicas", "9")]
    [InlineData("--nodes is for --simulate", "--nodes", "64")]
    [InlineData("--churn is for --simulate", "--churn", "0.1")]
    public async Task A_wrong_option_is_named_in_one_line(string message, params string[] args)
    {
        using var folder = new TemporaryFolder();

        var outcome = await Simulator.RunAsync(["compare", "--out", folder.At("r"), .. args], Simulations.Real);

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("r")));
    }

    [Theory]
    [InlineData("napster")]
    [InlineData("gnutella")]
    [InlineData("kazaa")]
    public async Task Simulated_searches_print_the_keys_of_the_simulated_ring_and_recall_and_bytes(string technique)
    {
        var outcome = await Simulator.RunAsync(
            ["simulate", technique, "--nodes", "16", "--lookups", "10", "--keys", "10", "--output", "json"], Simulations.Real);

        using var json = JsonDocument.Parse(string.Concat(outcome.Lines));
        string[] expected =
        [
            "nodes", "lookups", "forwards", "hops", "timeouts", "failures", "messages", "entries", "keysPerNode", "events", "wallSeconds",
            "peakRssMB", "seed", "eventLogHash", "recall", "bytes",
        ];
        Assert.Subset(json.RootElement.EnumerateObject().Select(property => property.Name).ToHashSet(), expected.ToHashSet());
        Assert.Equal(1, json.RootElement.GetProperty("recall").GetProperty("mean").GetDouble());
    }
}
