using System.Text.Json.Serialization;

namespace P2PCloud.Contracts.Chord;

/// <summary>One version of a key's value as nodes hold and exchange it. A removed key is remembered by a tombstone.</summary>
/// <param name="Id">H(key): where on the ring it belongs.</param>
/// <param name="Key">As the user wrote it, 1 to 1024 bytes of UTF-8.</param>
/// <param name="Version">Decides between two records of a key: the later one wins.</param>
/// <param name="Value">At most 64 KiB; null in a tombstone.</param>
/// <param name="Expiry">Unix time in milliseconds after which the value is gone; null when it has no TTL.</param>
/// <param name="DropAt">Unix time in milliseconds after which a tombstone is forgotten; null for a value.</param>
public sealed record KeyRecord(NodeId Id, string Key, KeyVersion Version, byte[]? Value, long? Expiry = null, long? DropAt = null)
{
    /// <summary>Whether it says that the key was deleted.</summary>
    [JsonIgnore]
    public bool IsTombstone => Value is null;
}
