namespace P2PCloud.Contracts;

/// <summary>A file as a peer shares it. <paramref name="ContentId"/>: SHA-256 of the bytes, 64 lower-case hexadecimal digits.</summary>
/// <param name="ContentId">SHA-256 of all bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Name">Relative path with forward slashes.</param>
/// <param name="Size">Length in bytes.</param>
public sealed record SharedFile(string ContentId, string Name, long Size);

/// <summary>The statement "this peer has this file": what every index of every technique stores and every search returns.
/// A peer that has the same content under several names has a posting for each name: a posting's identity is the whole record.</summary>
/// <param name="ContentId">SHA-256 of all bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Name">The name under which this peer shares it.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Peer">App-id of the provider.</param>
public sealed record Posting(string ContentId, string Name, long Size, string Peer)
{
    /// <summary>The posting of <paramref name="file"/> at <paramref name="peer"/>.</summary>
    public static Posting Of(SharedFile file, string peer) => new(file.ContentId, file.Name, file.Size, peer);
}
