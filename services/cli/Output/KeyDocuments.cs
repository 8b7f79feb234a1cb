using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Cli.Output;

/// <summary>What <c>get-key --output json</c> prints.</summary>
/// <param name="Key">As given.</param>
/// <param name="Version">For <c>put --if-version</c>.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Value">The bytes in Base64; absent when they are in a file.</param>
/// <param name="Path">Full path of the file; absent when there is none.</param>
/// <param name="Expiry">When the value ends, ISO 8601; absent when it stays.</param>
/// <param name="Owner">Node that owns the key.</param>
/// <param name="Copies">Copies that were compared.</param>
/// <param name="Hops">Remote steps until the owner had answered.</param>
internal sealed record ReadKey(
    string Key, string? Version, int Size, byte[]? Value, string? Path, string? Expiry, string? Owner, int Copies, int Hops);

/// <summary>What <c>delete --output json</c> prints.</summary>
internal sealed record DeletedKey(string Key);

/// <summary>JSON of the commands about keys.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReadKey))]
[JsonSerializable(typeof(DeletedKey))]
internal sealed partial class KeysJsonContext : JsonSerializerContext;
