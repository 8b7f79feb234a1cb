using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;
using P2PCloud.Contracts;
using P2PCloud.Local;

namespace P2PCloud.Cli.Sharing;

/// <summary>Uploads files one after the other. A file that is refused does not stop the others; a gateway that is away does.</summary>
internal sealed class SharingRun(CliConsole console, GatewayClient gateway, string? peer)
{
    private readonly List<Document<Posting>> _shared = [];
    private int _failed;

    /// <summary>What the gateway took so far.</summary>
    public IReadOnlyList<Document<Posting>> Shared => _shared;

    /// <returns>The exit code; errors and the summary are on stderr.</returns>
    public async Task<int> ShareAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var walk = new FolderWalk();
        var files = walk.Files(paths).ToList();
        var exitCode = walk.Unreadable.Aggregate(ExitCodes.Ok, (_, failure) => Fail(failure));
        using (var progress = new ProgressLine(console))
        {
            foreach (var (index, file) in files.Index())
            {
                progress.Show(() => $"sharing {index + 1}/{files.Count} {file.Name}");
                var reply = await ShareAsync(file, cancellationToken);
                if (reply.Value is { } posting)
                {
                    _shared.Add(posting);
                    continue;
                }

                var failure = reply.Failure!;
                progress.Clear();
                exitCode = Fail(failure.Fatal ? failure : failure with { Message = $"{file.Name}: {failure.Message}" });
                if (failure.Fatal)
                {
                    break;
                }
            }
        }

        var bytes = Printable.Size(_shared.Sum(posting => posting.Value.Size));
        console.Error.WriteLine($"shared {_shared.Count} of {files.Count} files ({bytes}), {walk.LinksSkipped} symbolic links skipped{CloudText.Others(walk.OthersSkipped)}, {_failed} failed");
        return exitCode is ExitCodes.Ok && _shared.Count is 0 ? ExitCodes.Failed : exitCode;
    }

    private int Fail(Failure failure)
    {
        _failed++;
        return console.Fail(failure);
    }

    private async Task<Reply<Document<Posting>>> ShareAsync(LocalFile file, CancellationToken cancellationToken)
    {
        if (!LocalFiles.IsRegular(file.Path))
        {
            return new Failure("is no regular file");
        }

        FileStream content;
        try
        {
            content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Failure(failure.Message);
        }

        await using (content)
        {
            return await gateway.ShareAsync(content, file.Name, peer, cancellationToken);
        }
    }
}
