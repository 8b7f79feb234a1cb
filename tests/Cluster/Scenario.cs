using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>What must hold in a scenario beside what must hold in each: no key lost, no wrong byte, an outcome for each operation.</summary>
/// <param name="Name">Of the scenario; a folder of the artifacts is named after it.</param>
/// <param name="Recovery">Longest time from a mark until every stream has recovered, by the mark's name.</param>
public sealed record Expectation(string Name, IReadOnlyDictionary<string, TimeSpan> Recovery)
{
    /// <summary>How the services of the cluster call each other.</summary>
    public CallMode Mode { get; init; } = CallMode.Direct;
}

/// <summary>One scenario under way: the load on the cluster, the history, and the faults, which are named in it.</summary>
/// <param name="cluster">Where it runs.</param>
/// <param name="history">Written to.</param>
/// <param name="cancellationToken">Ends the test.</param>
public sealed class Scenario(ClusterTopology cluster, HistoryWriter history, CancellationToken cancellationToken)
{
    /// <summary>Where it runs.</summary>
    public ClusterTopology Cluster => cluster;

    /// <summary>Written to.</summary>
    public HistoryWriter History => history;

    /// <summary>Ends the test.</summary>
    public CancellationToken Token => cancellationToken;

    /// <summary>Runs a scenario on a healthy cluster under load, reports and judges it.</summary>
    /// <param name="fixture">Has the cluster.</param>
    /// <param name="expectation">What must hold; printed before the run.</param>
    /// <param name="faults">What is done to the cluster while the load goes on.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    /// <returns>What the history shows, for what a scenario asserts beside the expectation.</returns>
    public static async Task<CheckResult> RunAsync(
        ClusterFixture fixture, Expectation expectation, Func<Scenario, Task> faults, CancellationToken cancellationToken)
    {
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{expectation.Name}: no key lost, no wrong byte, an outcome for each operation within its deadline"
            + string.Concat(expectation.Recovery.Select(mark => $"; after '{mark.Key}' all streams recover within {mark.Value.TotalSeconds} s")));
        var folder = Path.Combine(ClusterFixture.Artifacts, "cluster", expectation.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        try
        {
            var cluster = await fixture.HealthyAsync(expectation.Mode, cancellationToken);
            var path = Path.Combine(folder, "history.jsonl");
            using (var history = HistoryWriter.Create(path, TimeProvider.System))
            {
                await using var load = await LoadGenerator.StartAsync(
                    Load(cluster, expectation.Name), history, TimeProvider.System, cancellationToken);
                var scenario = new Scenario(cluster, history, cancellationToken);
                await scenario.PassAsync(5);
                await faults(scenario);
                await load.StopAsync();
                await load.ReadAllKeysAsync(attempts: 10, cancellationToken);
            }

            var result = HistoryChecker.Check(await ClusterLoad.History.ReadAsync(path, cancellationToken));
            fixture.Report(expectation.Name, result);
            Judge(expectation, result, output);
            return result;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.SkipException)
        {
            await fixture.GiveUpAsync(folder);
            throw;
        }
    }

    /// <summary>Lets the load go on.</summary>
    public Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);

    private static LoadOptions Load(ClusterTopology cluster, string name) => new()
    {
        Gateways = cluster.Gateways,
        Run = new string([.. name.Where(char.IsAsciiLetterOrDigit).Take(24)]),
        LookupRates = new Dictionary<string, double>
        {
            [Techniques.Napster] = 2,
            [Techniques.Gnutella] = 2,
            [Techniques.Kazaa] = 2,
            [Techniques.Chord] = 2,
        },
        DownloadRate = 2,
        Files = 16,
        FilePeers = [.. Enumerable.Range(0, ClusterTopology.PeersAtStart).Select(AppIds.Peer)],
    };

    private static void Judge(Expectation expectation, CheckResult result, ITestOutputHelper output)
    {
        var table = new ReportTable();
        table.Add(expectation.Name, result);
        output.WriteLine(table.ToString());
        Assert.True(result.Holds, string.Join('\n', result.Violations.Select(violation => $"{violation.Kind} {violation.Text}")));
        Assert.Equal((0, 0, 0, 0), (result.KeysLost, result.KeysUnread, result.WrongBytes, result.WithoutOutcome));
        Assert.Equal(0, result.Skipped);
        foreach (var (mark, limit) in expectation.Recovery)
        {
            var recovery = Assert.Single(result.Recoveries, recovery => recovery.From == mark);
            Assert.All(recovery.ByStream, stream => Assert.True(
                stream.Value <= limit, $"{stream.Key} had not recovered {limit.TotalSeconds} s after '{mark}' (took {stream.Value?.TotalSeconds.ToString("0.0", null) ?? "longer"} s)."));
        }
    }
}
