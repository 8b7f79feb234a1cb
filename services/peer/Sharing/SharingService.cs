using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Sharing;

/// <summary>Keeps what the four overlays say of this peer's files in step with the files.</summary>
public sealed partial class SharingService(SharedFiles files, PeerEngines engines, TimeProvider time, ILogger<SharingService> logger) : BackgroundService
{
    /// <summary>How long a caller waits for all overlays to know of a change. They go on by themselves after that.</summary>
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What keeps the shared folder from being known; null when nothing does.</summary>
    public string? Pending { get; private set; } = "reading the shared folder";

    /// <summary>Takes an upload in and tells all overlays.</summary>
    /// <exception cref="UploadTooLargeException">Longer than the limit.</exception>
    public async Task<SharedFile> AddAsync(string name, Stream bytes, CancellationToken cancellationToken)
    {
        var (file, replaced) = await files.AddAsync(name, bytes, cancellationToken);
        if (replaced is not null)
        {
            await WithdrawAsync([replaced], cancellationToken);
        }

        await TellAsync(new ShareCommand([file]), cancellationToken);
        return file;
    }

    /// <summary>Stops sharing a content and tells all overlays.</summary>
    /// <returns>False when it was not shared.</returns>
    public async Task<bool> RemoveAsync(string contentId, CancellationToken cancellationToken)
    {
        var removed = await files.RemoveAsync(contentId, cancellationToken);
        if (removed.Count > 0)
        {
            await WithdrawAsync(removed, cancellationToken);
        }

        return removed.Count > 0;
    }

    /// <summary>Reads the files when the engines run, and shares them.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await files.ScanAsync(stoppingToken);
            await engines.Started.WaitAsync(stoppingToken);
            Pending = null;
            await engines.ForEachTechniqueAsync(new ShareCommand(files.All), stoppingToken);
            FilesShared(logger, files.Count);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Pending = $"the shared folder cannot be read: {failure.Message}";
            FolderNotReadable(logger, failure);
        }
    }

    private async Task WithdrawAsync(IReadOnlyList<SharedFile> withdrawn, CancellationToken cancellationToken)
    {
        await TellAsync(new UnshareCommand(withdrawn), cancellationToken);
        var contents = withdrawn.Select(file => file.ContentId).ToHashSet(StringComparer.Ordinal);
        // An index drops a content under all its names; those that are still shared go in again.
        List<SharedFile> kept = [.. files.All.Where(file => contents.Contains(file.ContentId))];
        if (kept.Count > 0)
        {
            await TellAsync(new ShareCommand(kept), cancellationToken);
        }
    }

    private async Task TellAsync(ICommand<Done> change, CancellationToken cancellationToken)
    {
        try
        {
            await engines.ForEachTechniqueAsync(change, cancellationToken).WaitAsync(ChangeTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            ChangeTakesLong(logger, change.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1103, EventName = "FilesShared", Level = LogLevel.Information, Message = "{Count} files are shared with all overlays")]
    private static partial void FilesShared(ILogger logger, int count);

    [LoggerMessage(EventId = 1105, EventName = "ChangeTakesLong", Level = LogLevel.Warning, Message = "{Change} has not reached every overlay yet")]
    private static partial void ChangeTakesLong(ILogger logger, string change);

    [LoggerMessage(EventId = 1104, EventName = "FolderNotReadable", Level = LogLevel.Error, Message = "The shared folder cannot be read")]
    private static partial void FolderNotReadable(ILogger logger, Exception failure);
}
