using P2PCloud.Contracts;
using P2PCloud.Local;

namespace P2PCloud.ClusterLoad.Tests;

/// <summary>The load and its checker on the whole cloud in this process.</summary>
public sealed class LocalCloudTests : IAsyncLifetime
{
    private const int Peers = 8;

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private LocalCloud _cloud = null!;
    private HistoryWriter _history = null!;

    private string Path => System.IO.Path.Combine(_folder, "history.jsonl");

    public async ValueTask InitializeAsync()
    {
        _cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = Peers, Supernodes = 2, VirtualNodes = 2, Port = 0, Lease = TimeSpan.FromSeconds(10) }, null, Limit);
        await _cloud.WaitUntilReadyAsync(Limit);
        _history = HistoryWriter.Create(Path, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _history.Dispose();
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task In_a_cloud_without_faults_nothing_is_violated_and_nothing_fails()
    {
        await using var load = await LoadGenerator.StartAsync(Options(), _history, TimeProvider.System, Limit);
        await PassAsync(TimeSpan.FromSeconds(5));
        await load.StopAsync();
        await load.ReadAllKeysAsync(attempts: 3, Limit);

        var history = await History.ReadAsync(Path, Limit);
        var result = HistoryChecker.Check(history);

        Assert.True(result.Holds, Words(result));
        Assert.Empty(result.Failures);
        Assert.Equal(7, result.ByStream.Count);
        Assert.All(result.ByStream.Values, stream => Assert.Equal(stream.Operations, stream.Successes));
    }

    [Fact]
    public async Task When_a_peer_is_killed_its_files_are_excused_nothing_is_lost_and_the_cloud_recovers()
    {
        await using var load = await LoadGenerator.StartAsync(Options(), _history, TimeProvider.System, Limit);
        await PassAsync(TimeSpan.FromSeconds(3));
        _history.Absent("peer-3");
        var killed = _history.Mark("killed peer-3");
        await _cloud.KillServiceAsync("peer-3");
        await PassAsync(TimeSpan.FromSeconds(15));
        await load.StopAsync();
        await load.ReadAllKeysAsync(attempts: 10, Limit);

        var history = await History.ReadAsync(Path, Limit);
        var result = HistoryChecker.Check(history);
        Print("a peer is killed", result);

        Assert.True(result.Holds, Words(result));
        Assert.Equal((0, 0, 0, 0), (result.KeysLost, result.KeysUnread, result.WrongBytes, result.WithoutOutcome));
        Assert.NotNull(Assert.Single(result.Recoveries).Longest);
        var mustFail = history.Operations
            .Where(operation => operation.Start > killed && operation.Stream is Streams.Download && SharerOf(history, operation) is "peer-3")
            .ToList();
        Assert.NotEmpty(mustFail);
        Assert.All(mustFail, download => Assert.NotEqual(Outcome.Ok, download.Outcome));
        Assert.InRange(result.ByStream[Streams.Download].Excused, mustFail.Count, mustFail.Count + 1);
        Assert.All(result.ByStream.Values, stream => Assert.Equal(stream.Operations, stream.Successes + stream.Failed + stream.Excused));
    }

    [Fact]
    public async Task When_the_directory_is_killed_napster_alone_is_unavailable_and_does_not_recover()
    {
        await using var load = await LoadGenerator.StartAsync(Options(), _history, TimeProvider.System, Limit);
        await PassAsync(TimeSpan.FromSeconds(3));
        var killed = _history.Mark("killed the directory");
        await _cloud.KillServiceAsync(AppIds.Directory);
        await PassAsync(TimeSpan.FromSeconds(6));
        await load.StopAsync();
        await load.ReadAllKeysAsync(attempts: 3, Limit);

        var history = await History.ReadAsync(Path, Limit);
        var result = HistoryChecker.Check(history);
        Print("the directory is killed", result);

        Assert.True(result.Holds, Words(result));
        var napster = history.Operations.Where(operation => operation is { Stream: Techniques.Napster, Subject.Phase: Phase.Load }).ToList();
        var answered = napster.Where(operation => operation.Outcome is Outcome.Ok).ToList();
        var end = history.Operations.Where(operation => operation.Subject.Phase is Phase.Load).Max(operation => operation.End!.Value);
        Assert.Equal(napster.Count - answered.Count, result.ByStream[Techniques.Napster].Failed);
        Assert.Equal(end - answered.Max(operation => operation.End!.Value), result.ByStream[Techniques.Napster].LongestUnavailability);
        Assert.All(napster.Where(operation => operation.Start > killed), operation => Assert.Equal(Outcome.Refused, operation.Outcome));
        Assert.All(Assert.Single(result.Recoveries).ByStream, stream =>
            Assert.Equal(stream.Key == Techniques.Napster ? (TimeSpan?)null : TimeSpan.Zero, stream.Value));
    }

    private static string SharerOf(History history, Operation operation) => history.Operations
        .First(share => share.Stream is Streams.Share && share.Subject.File == operation.Subject.File).Result!.Provider!;

    private static void Print(string scenario, CheckResult result)
    {
        var table = new ReportTable();
        table.Add(scenario, result, [], "");
        TestContext.Current.TestOutputHelper!.WriteLine(table.ToString());
    }

    private static Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, Limit);

    private static string Words(CheckResult result) => string.Join('\n', result.Violations.Select(violation => $"{violation.Kind} {violation.Text}"));

    private LoadOptions Options() => new()
    {
        Gateways = [_cloud.Gateway],
        Run = "local",
        Keys = 20,
        Files = 16,
        FilePeers = [.. Enumerable.Range(0, Peers).Select(number => $"peer-{number}")],
        DownloadRate = 3,
    };
}
