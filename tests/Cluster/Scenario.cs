using P2PCloud.ClusterLoad;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>One scenario under way: the load on the cluster, the history, and the faults, which are named in it.</summary>
public sealed class Scenario
{
    private readonly List<KeyValuePair<string, TimeSpan>> _converged = [];
    private readonly CancellationToken _cancellationToken;
    private (string Name, TimeSpan At) _mark;

    private Scenario(ClusterTopology cluster, LoadGenerator load, HistoryWriter history, CancellationToken cancellationToken) =>
        (Cluster, Load, History, _cancellationToken) = (cluster, load, history, cancellationToken);

    /// <summary>Where it runs.</summary>
    public ClusterTopology Cluster { get; }

    /// <summary>The load on it.</summary>
    public LoadGenerator Load { get; }

    /// <summary>Written to.</summary>
    public HistoryWriter History { get; }

    /// <summary>Runs a scenario on a healthy cluster under load, reports and judges it.</summary>
    /// <param name="fixture">Has the cluster.</param>
    /// <param name="expectation">What must hold; printed before the run.</param>
    /// <param name="faults">What is done to the cluster while the load goes on.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static async Task RunAsync(
        ClusterFixture fixture, Expectation expectation, Func<Scenario, Task> faults, CancellationToken cancellationToken)
    {
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{expectation.Name}: {expectation.Words}");
        var folder = Path.Combine(ClusterFixture.Artifacts, "cluster", expectation.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        try
        {
            var cluster = await fixture.HealthyAsync(expectation.Mode, cancellationToken);
            var path = Path.Combine(folder, "history.jsonl");
            Scenario scenario;
            using (var history = HistoryWriter.Create(path, TimeProvider.System))
            {
                await using var load = await LoadGenerator.StartAsync(
                    OptionsOf(cluster, expectation.Name), history, TimeProvider.System, cancellationToken);
                scenario = new Scenario(cluster, load, history, cancellationToken);
                await scenario.PassAsync(5);
                await faults(scenario);
                await load.StopAsync();
                await load.ReadAllKeysAsync(attempts: 10, cancellationToken);
            }

            var result = HistoryChecker.Check(
                await ClusterLoad.History.ReadAsync(path, cancellationToken), new CheckOptions { GatewaysMayEnd = expectation.GatewaysMayEnd });
            fixture.Report(expectation.Name, result, scenario._converged, expectation.Words);
            output.WriteLine(TableOf(expectation, result, scenario._converged));
            Judge(expectation, result);
            Assert.Empty(await cluster.EndedAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.SkipException)
        {
            await fixture.GiveUpAsync(folder);
            throw;
        }
    }

    /// <summary>Names this instant in the history; recovery and convergence are counted from it.</summary>
    public void Mark(string name) => _mark = (name, History.Mark(name));

    /// <summary>Lets the load go on.</summary>
    public Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, _cancellationToken);

    /// <summary>Waits until all members that are present have found each other: see <see cref="Convergence"/>.</summary>
    /// <param name="seconds">Longest time from the last mark.</param>
    /// <exception cref="TimeoutException">Says what is missing.</exception>
    public async Task ConvergeAsync(double seconds)
    {
        await Cluster.WaitUntilConvergedAsync(TimeSpan.FromSeconds(seconds) - (History.Now - _mark.At), _cancellationToken);
        _converged.Add(new(_mark.Name, History.Now - _mark.At));
    }

    /// <summary>Says that a member is back with its files, when the cloud has converged.</summary>
    /// <param name="app">App-id.</param>
    /// <param name="seconds">Longest time from the last mark.</param>
    public async Task ReturnAsync(string app, double seconds)
    {
        await ConvergeAsync(seconds);
        History.Present(app);
    }

    /// <summary>Stops a member, starts it again with its data, and waits until the cloud has converged.</summary>
    public async Task RestartAsync(string app)
    {
        await Cluster.StopAsync(app, _cancellationToken);
        await Cluster.StartAsync(app, _cancellationToken);
        await Cluster.WaitUntilConvergedAsync(TimeSpan.FromSeconds(60), _cancellationToken);
    }

    private static LoadOptions OptionsOf(ClusterTopology cluster, string name) => new()
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
        Keys = 100,
        Files = 16,
        FilePeers = [.. Enumerable.Range(0, ClusterTopology.PeersAtStart).Select(AppIds.Peer)],
        FileCopies = 2,
        Deadline = TimeSpan.FromSeconds(25),
    };

    private static string TableOf(Expectation expectation, CheckResult result, IReadOnlyList<KeyValuePair<string, TimeSpan>> converged)
    {
        var table = new ReportTable();
        table.Add(expectation.Name, result, converged, expectation.Words);
        return table.ToString();
    }

    private static void Judge(Expectation expectation, CheckResult result)
    {
        Assert.True(result.Holds, string.Join('\n', result.Violations.Select(violation => $"{violation.Kind} {violation.Text}")));
        Assert.Equal((0, 0, 0, 0), (result.KeysLost, result.KeysUnread, result.WrongBytes, result.WithoutOutcome));
        Assert.Equal(0, result.Skipped);
        foreach (var (mark, seconds) in expectation.Recovery)
        {
            var recovery = Assert.Single(result.Recoveries, recovery => recovery.From == mark);
            Assert.Equal(result.ByStream.Keys.Order(), recovery.ByStream.Keys.Order());
            Assert.All(recovery.ByStream, stream => Assert.True(
                stream.Value <= TimeSpan.FromSeconds(seconds),
                $"{stream.Key} had not recovered {seconds} s after '{mark}' (took {stream.Value?.TotalSeconds.ToString("0.0", null) ?? "longer"} s)."));
        }

        expectation.Check?.Invoke(result);
    }
}
