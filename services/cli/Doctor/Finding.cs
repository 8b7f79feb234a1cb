using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">What was found, in words.</param>
/// <param name="Fix">What to do; null when nothing is wrong.</param>
internal sealed record Finding(string What, string? Fix = null)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool Ok => Fix is null;
}

/// <summary>JSON of <c>doctor</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class DoctorJsonContext : JsonSerializerContext;
