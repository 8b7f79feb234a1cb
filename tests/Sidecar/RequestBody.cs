using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>
/// A request's body on its way. With a length it is buffered, so that the call can be made again; a chunked one is a stream, which cannot.
/// </summary>
internal sealed class RequestBody
{
    private readonly byte[]? _bytes;
    private readonly Stream? _stream;

    private RequestBody(byte[]? bytes, Stream? stream)
    {
        _bytes = bytes;
        _stream = stream;
    }

    /// <summary>Whether the call can be made again.</summary>
    public bool CanRepeat => _stream is null;

    /// <summary>Takes a request's body.</summary>
    /// <returns>Null when it is longer than the limit.</returns>
    public static async Task<RequestBody?> TakeAsync(HttpRequest request, int bytesMax, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null)
        {
            return request.Headers.TransferEncoding.Count > 0 ? new RequestBody(null, new Bounded(request.Body, bytesMax)) : new RequestBody(null, null);
        }

        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var bytes = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(bytes, cancellationToken);
        return new RequestBody(bytes, null);
    }

    /// <summary>The content of one attempt; null when there is no body.</summary>
    public HttpContent? Content() => _bytes is not null ? new ByteArrayContent(_bytes) : _stream is not null ? new StreamContent(_stream) : null;

    /// <summary>Fails at the first byte above the limit.</summary>
    private sealed class Bounded(Stream inner, long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _left -= read;
            return _left < 0 ? throw new IOException("The body is longer than the limit.") : read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
