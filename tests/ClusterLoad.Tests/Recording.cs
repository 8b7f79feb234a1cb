using Microsoft.Extensions.Time.Testing;

namespace P2PCloud.ClusterLoad.Tests;

/// <summary>A load on a gateway of the test, in a time that passes when the test says so.</summary>
internal sealed class Recording : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;
    private readonly HistoryWriter _writer;
    private LoadGenerator? _load;

    private Recording() => _writer = HistoryWriter.Create(Path, Time);

    public FakeTimeProvider Time { get; } = new();

    public LoadGenerator Load => _load!;

    /// <summary>Time since the history began.</summary>
    public TimeSpan Now => _writer.Now;

    private string Path => System.IO.Path.Combine(_folder, "history.jsonl");

    /// <summary>Options for a small load that only reads keys, ten times a second. The deadline is far away, since time passes fast
    /// here.</summary>
    public static LoadOptions Reads(params Uri[] gateways) => new()
    {
        Gateways = gateways,
        Run = "test",
        LookupRates = new Dictionary<string, double>(),
        PutRate = 0,
        GetRate = 10,
        DownloadRate = 0,
        Keys = 3,
        Files = 2,
        FileBytes = 100,
        ValueBytes = 64,
        Deadline = TimeSpan.FromMinutes(5),
    };

    /// <param name="options">What load.</param>
    /// <param name="timePasses">During the preparation too.</param>
    public static async Task<Recording> StartAsync(LoadOptions options, bool timePasses = false)
    {
        var recording = new Recording();
        try
        {
            var started = LoadGenerator.StartAsync(options, recording._writer, recording.Time, TestContext.Current.CancellationToken);
            if (timePasses)
            {
                await recording.PassUntilAsync(() => started.IsCompleted);
            }

            recording._load = await started;
            return recording;
        }
        catch
        {
            await recording.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets time pass, a little at a time, until something holds.</summary>
    public async Task PassUntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Time.Advance(Step);
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends the load, with time passing until all operations have their outcome.</summary>
    /// <returns>The history.</returns>
    public async Task<History> EndAsync()
    {
        var stopped = Load.StopAsync();
        await PassUntilAsync(() => stopped.IsCompleted);
        await stopped;
        return await ReadAsync();
    }

    /// <summary>The history so far.</summary>
    public Task<History> ReadAsync() => History.ReadAsync(Path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
