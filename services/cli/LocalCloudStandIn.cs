namespace P2PCloud.Local;

/// <summary>Goes when services/local has the real one.</summary>
public sealed record LocalCloudOptions
{
    public int Peers { get; init; } = 16;

    public int Supernodes { get; init; } = 3;

    public int VirtualNodes { get; init; } = 4;

    public int Port { get; init; } = 8080;

    public string? ShareFolder { get; init; }

    public string? Redis { get; init; }
}

/// <summary>Goes when services/local has the real one.</summary>
public sealed class LocalCloud : IAsyncDisposable
{
    private readonly Task _done = Task.CompletedTask;

    private LocalCloud()
    {
    }

    public Uri Gateway { get; } = new("http://localhost:8080");

    public IReadOnlyList<(string App, string Endpoint)> Services { get; } = [];

    public int FilesShared { get; }

    public int LinksSkipped { get; }

    public static Task<LocalCloud> StartAsync(LocalCloudOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        throw new IOException("services/local is not written yet");

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _done.WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _done.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
