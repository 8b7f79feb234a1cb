using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.Peer.Sharing;

/// <summary>A shared file and where its bytes are.</summary>
/// <param name="File">As others see it.</param>
/// <param name="Path">Full path.</param>
/// <param name="Uploaded">The bytes are ours to delete.</param>
/// <param name="Modified">Time of last change, to notice when a file no longer has the bytes of its content id.</param>
public sealed record StoredFile(SharedFile File, string Path, bool Uploaded, DateTime Modified);

/// <summary>The files of this peer on disk, by content id. Thread-safe.</summary>
public sealed partial class SharedFiles(IOptions<ShareOptions> options, ILogger<SharedFiles> logger) : IDisposable
{
    private readonly SemaphoreSlim _change = new(1);
    private readonly string? _temporary = options.Value.Uploads is null ? Directory.CreateTempSubdirectory("p2pcloud-").FullName : null;
    private ImmutableDictionary<string, ImmutableList<StoredFile>> _byContent = ImmutableDictionary.Create<string, ImmutableList<StoredFile>>(StringComparer.Ordinal);

    private string Uploads => _temporary ?? Path.GetFullPath(options.Value.Uploads!);

    /// <summary>Everything shared, ordered by name.</summary>
    public IReadOnlyList<SharedFile> All =>
        [.. _byContent.Values.SelectMany(files => files).Select(stored => stored.File).OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Number of names shared.</summary>
    public int Count => _byContent.Values.Sum(files => files.Count);

    /// <summary>A readable file with these bytes, or null.</summary>
    public StoredFile? Find(string contentId) => _byContent.GetValueOrDefault(contentId)?.FirstOrDefault(IsUnchanged);

    /// <summary>Reads the folder and the earlier uploads, and computes the content ids. Symbolic links, pipes and devices are skipped.</summary>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        var found = new List<StoredFile>();
        if (options.Value.Folder is { } folder)
        {
            found.AddRange(await ScanAsync(Path.GetFullPath(folder), options.Value.Only, uploaded: false, cancellationToken));
        }

        if (_temporary is null && Directory.Exists(Uploads))
        {
            found.AddRange(await ScanAsync(Uploads, [], uploaded: true, cancellationToken));
        }

        if (found.Count > options.Value.FilesMax)
        {
            TooManyFiles(logger, found.Count, options.Value.FilesMax);
            found.RemoveRange(options.Value.FilesMax, found.Count - options.Value.FilesMax);
        }

        found.ForEach(Put);
    }

    /// <summary>Takes an upload in and shares it under the name; a file uploaded before under that name is replaced.</summary>
    /// <returns>The file, and the content that the name had before, if it is not shared any more.</returns>
    /// <exception cref="UploadTooLargeException">Longer than the limit; nothing is kept.</exception>
    public async Task<(SharedFile File, SharedFile? Replaced)> AddAsync(string name, Stream bytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Uploads);
        var incoming = Path.Combine(Uploads, $".incoming-{Path.GetRandomFileName()}");
        try
        {
            var (contentId, size) = await WriteAsync(incoming, bytes, cancellationToken);
            await _change.WaitAsync(cancellationToken);
            try
            {
                var target = Path.Combine(Uploads, name);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(incoming, target, overwrite: true);
                var old = _byContent.Values.SelectMany(files => files).FirstOrDefault(stored => stored.Uploaded && stored.File.Name == name);
                if (old is not null)
                {
                    Take(old);
                }

                var file = new SharedFile(contentId, name, size);
                Put(new StoredFile(file, target, Uploaded: true, File.GetLastWriteTimeUtc(target)));
                return (file, old?.File == file ? null : old?.File);
            }
            finally
            {
                _change.Release();
            }
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    /// <summary>Stops sharing a content under all its names. Bytes that were uploaded are deleted, others stay where they are.</summary>
    /// <returns>What was shared.</returns>
    public async Task<IReadOnlyList<SharedFile>> RemoveAsync(string contentId, CancellationToken cancellationToken)
    {
        await _change.WaitAsync(cancellationToken);
        try
        {
            var removed = _byContent.GetValueOrDefault(contentId) ?? [];
            _byContent = _byContent.Remove(contentId);
            foreach (var stored in removed.Where(stored => stored.Uploaded))
            {
                File.Delete(stored.Path);
            }

            return [.. removed.Select(stored => stored.File)];
        }
        finally
        {
            _change.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _change.Dispose();
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private async Task<List<StoredFile>> ScanAsync(string folder, IList<string> only, bool uploaded, CancellationToken cancellationToken)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        var paths = only.Count > 0
            ? only.Select(name => Path.Combine(folder, name))
            : Directory.EnumerateFiles(folder, "*", everything).Where(path => !Path.GetFileName(path).StartsWith(".incoming-", StringComparison.Ordinal));
        var files = new List<StoredFile>();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            if (!RegularFiles.Contains(path))
            {
                FileNotReadable(logger, path, "it is no regular file");
                continue;
            }

            try
            {
                await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
                var contentId = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
                var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
                files.Add(new StoredFile(new SharedFile(contentId, name, stream.Length), path, uploaded, File.GetLastWriteTimeUtc(path)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                FileNotReadable(logger, path, failure.Message);
            }
        }

        return files;
    }

    private async Task<(string ContentId, long Size)> WriteAsync(string path, Stream bytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var buffer = new byte[1 << 16];
        long size = 0;
        for (int read; (read = await bytes.ReadAsync(buffer, cancellationToken)) > 0; size += read)
        {
            if (size + read > options.Value.UploadBytesMax)
            {
                throw new UploadTooLargeException(options.Value.UploadBytesMax);
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    private static bool IsUnchanged(StoredFile stored)
    {
        var info = new FileInfo(stored.Path);
        return info.Exists && info.Length == stored.File.Size && info.LastWriteTimeUtc == stored.Modified;
    }

    private void Put(StoredFile stored) =>
        _byContent = _byContent.SetItem(stored.File.ContentId, (_byContent.GetValueOrDefault(stored.File.ContentId) ?? []).Add(stored));

    private void Take(StoredFile stored)
    {
        var rest = _byContent[stored.File.ContentId].Remove(stored);
        _byContent = rest.IsEmpty ? _byContent.Remove(stored.File.ContentId) : _byContent.SetItem(stored.File.ContentId, rest);
    }

    [LoggerMessage(EventId = 1101, EventName = "FileNotReadable", Level = LogLevel.Warning, Message = "{Path} is not shared: {Reason}")]
    private static partial void FileNotReadable(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 1102, EventName = "TooManyFiles", Level = LogLevel.Warning, Message = "{Found} files found, {Limit} are shared (Share:FilesMax)")]
    private static partial void TooManyFiles(ILogger logger, int found, int limit);
}

/// <summary>An upload was longer than the limit.</summary>
public sealed class UploadTooLargeException(long limit) : Exception($"A file has at most {limit} bytes here.");
