using System.Net;
using System.Net.Http.Headers;

namespace P2PCloud.ClusterLoad;

/// <summary>
/// A body that is sent at most once: HttpClient sends a request again by itself when a kept connection turns out to be closed, and a write
/// that was forwarded before would then happen twice.
/// </summary>
internal sealed class OnceContent : ByteArrayContent
{
    private int _sent;

    public OnceContent(byte[] content)
        : base(content) => Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

    /// <summary>Whether sending has begun.</summary>
    public bool Sent => Volatile.Read(ref _sent) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _sent, 1) == 0
            ? base.SerializeToStreamAsync(stream, context, cancellationToken)
            : throw new HttpRequestException("The body was sent before; it is not sent twice.");
}
