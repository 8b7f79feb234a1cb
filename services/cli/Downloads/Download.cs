using System.Net;
using System.Security.Cryptography;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;

namespace P2PCloud.Cli.Downloads;

/// <summary>
/// Copies a content to a stream. When the connection breaks it goes on from the byte it has reached, a bounded number of times;
/// at the end the bytes must hash to the content id.
/// </summary>
internal sealed class Download(GatewayClient gateway, CliConsole console, string contentId)
{
    /// <summary>Breaks after which a download is given up.</summary>
    public const int BreaksMax = 8;

    /// <summary>A connection without a byte for so long counts as broken.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private readonly byte[] _buffer = new byte[128 * 1024];
    private long? _total;

    /// <summary>Bytes that the target has.</summary>
    public long Received { get; private set; }

    /// <param name="opened">The answer to the first request; disposed here.</param>
    /// <param name="target">Where the bytes go, in order, each once.</param>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public async Task<Failure?> CopyAsync(HttpResponseMessage opened, Stream target, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(console);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pause = FirstPause;
        Reply<HttpResponseMessage> reply = opened;
        for (var breaks = 0; ; breaks++)
        {
            var broken = reply is { Value: { } response }
                ? await PumpAsync(response, target, hash, progress, cancellationToken)
                : reply.Failure;
            if (broken is null)
            {
                break;
            }

            if (!broken.Transient || breaks == BreaksMax)
            {
                return broken.Transient ? broken with { Message = $"given up after {breaks} new tries: {broken.Message}" } : broken;
            }

            await Task.Delay(pause, console.Time, cancellationToken);
            pause *= 2;
            reply = await gateway.OpenAsync(contentId, Received, cancellationToken);
        }

        await target.FlushAsync(cancellationToken);
        var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        return actual == contentId
            ? null
            : new Failure($"the bytes that came are not the content asked for: their SHA-256 is {actual}, not {contentId}");
    }

    private async Task<Failure?> PumpAsync(
        HttpResponseMessage response, Stream target, IncrementalHash hash, ProgressLine progress, CancellationToken cancellationToken)
    {
        using var owned = response;
        if (StartOf(response) is not { } position || position > Received)
        {
            return new Failure($"the gateway sent bytes from elsewhere than {Received}");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var (count, broken) = await ReadAsync(body, cancellationToken);
            if (broken is not null)
            {
                return broken;
            }

            if (count is 0)
            {
                break;
            }

            // An answer that ignores the range begins anew: what the target has already is read past.
            var known = (int)Math.Min(count, Received - position);
            position += count;
            var fresh = _buffer.AsMemory(known, count - known);
            hash.AppendData(fresh.Span);
            await target.WriteAsync(fresh, cancellationToken);
            Received += fresh.Length;
            progress.Show(() => $"{Printable.Size(Received)}{(_total is { } total ? $" of {Printable.Size(total)}" : "")}");
        }

        return Received >= (_total ?? 0) ? null : new Failure($"the body ended at byte {Received} of {_total}", Transient: true);
    }

    private async Task<(int Count, Failure? Broken)> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(IdleMax);
        try
        {
            return (await body.ReadAsync(_buffer, idle.Token), null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (0, new Failure($"the connection broke at byte {Received}: {failure.GetBaseException().Message}", Transient: true));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (0, new Failure($"no byte came for {IdleMax.TotalSeconds} s", Transient: true));
        }
    }

    private long? StartOf(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.PartialContent)
        {
            _total ??= response.Content.Headers.ContentRange?.Length;
            return response.Content.Headers.ContentRange?.From;
        }

        _total ??= response.Content.Headers.ContentLength;
        return 0;
    }
}
