using System.Text.Json;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;

namespace P2PCloud.Cli.Downloads;

/// <summary>What <c>get</c> was asked for.</summary>
/// <param name="ContentId">In lower case.</param>
/// <param name="Target">File, folder, <c>-</c> for stdout, or null for the shared name in the working folder.</param>
/// <param name="Overwrite">Replace a file that is there.</param>
internal sealed record FetchRequest(string ContentId, string? Target, bool Overwrite)
{
    public const string StandardOutput = "-";
}

/// <summary>One <c>get</c>.</summary>
internal sealed class Fetch(CliConsole console, GatewayClient gateway, FetchRequest asked)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var isFile = asked.Target is not (null or FetchRequest.StandardOutput) && !Directory.Exists(asked.Target);
        if (isFile && Taken(Path.GetFullPath(asked.Target!)) is { } taken)
        {
            return console.Fail(taken);
        }

        var reply = await gateway.OpenAsync(asked.ContentId, 0, cancellationToken);
        if (reply is not { Value: { } response })
        {
            return console.Fail(reply.Failure!);
        }

        using (response)
        {
            return asked.Target is FetchRequest.StandardOutput
                ? await ToOutputAsync(response, cancellationToken)
                : await ToFileAsync(response, json, cancellationToken);
        }
    }

    private async Task<int> ToOutputAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await console.Out.FlushAsync(cancellationToken);
        var output = console.OpenBytes!();
        var failure = await new Download(gateway, console, asked.ContentId).CopyAsync(response, output, cancellationToken);
        return failure is null ? ExitCodes.Ok : console.Fail(failure);
    }

    private async Task<int> ToFileAsync(HttpResponseMessage response, bool json, CancellationToken cancellationToken)
    {
        var path = TargetFile.PathFor(asked.Target, TargetFile.NameOf(response.Content.Headers.ContentDisposition, asked.ContentId));
        if (Taken(path) is { } taken)
        {
            return console.Fail(taken);
        }

        var download = new Download(gateway, console, asked.ContentId);
        try
        {
            await using var target = TargetFile.Open(path, asked.Overwrite);
            if (await download.CopyAsync(response, target.Bytes, cancellationToken) is { } failure)
            {
                return console.Fail(failure with { Message = $"{failure.Message}; nothing was kept" });
            }

            await target.KeepAsync();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return console.Fail(new Failure($"cannot write {path}: {failure.Message}"));
        }

        console.Error.WriteLine($"{Printable.Size(download.Received)}, SHA-256 as asked for");
        console.Out.WriteLine(json
            ? JsonSerializer.Serialize(new FetchedFile(asked.ContentId, path, download.Received), DownloadsJsonContext.Default.FetchedFile)
            : Printable.Line(path));
        return ExitCodes.Ok;
    }

    private Failure? Taken(string path) =>
        !asked.Overwrite && Path.Exists(path) ? new Failure($"{path} exists; --force replaces it") : null;
}
