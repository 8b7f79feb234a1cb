using P2PCloud.Contracts.Chord;

namespace P2PCloud.Cli.Gateway;

/// <summary>What is to become of a key.</summary>
/// <param name="Key">As the person wrote it.</param>
/// <param name="Value">The bytes to write; null deletes.</param>
/// <param name="Ttl">Seconds after which the value is gone; null: it stays.</param>
/// <param name="IfVersion">Only if this is the current version.</param>
/// <param name="IfAbsent">Only if there is no value.</param>
/// <param name="Consistency">How many copies take part.</param>
/// <param name="From">Entry peer; null: the gateway picks one.</param>
internal sealed record KeyWrite(
    string Key, byte[]? Value, int? Ttl, KeyVersion? IfVersion, bool IfAbsent, string Consistency, string? From);

/// <summary>A value that was read.</summary>
/// <param name="Value">The bytes.</param>
/// <param name="Version">Of the value.</param>
/// <param name="Owner">Node that owns the key; null when the gateway did not say.</param>
/// <param name="Copies">Copies that were compared.</param>
/// <param name="Hops">Remote steps until the owner had answered.</param>
/// <param name="Expiry">When the value ends, ISO 8601; null: never.</param>
internal sealed record KeyValue(byte[] Value, string? Version, string? Owner, int Copies, int Hops, string? Expiry);
