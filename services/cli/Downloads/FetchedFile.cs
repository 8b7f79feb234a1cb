using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Cli.Downloads;

/// <summary>What <c>get --output json</c> prints.</summary>
/// <param name="ContentId">SHA-256 of the bytes, checked.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Size">Length in bytes.</param>
internal sealed record FetchedFile(string ContentId, string Path, long Size);

/// <summary>JSON that only this command writes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FetchedFile))]
internal sealed partial class DownloadsJsonContext : JsonSerializerContext;
