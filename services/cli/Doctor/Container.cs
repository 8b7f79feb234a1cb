using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>What a cluster says of one container of a pod.</summary>
/// <param name="status">Its entry in <c>containerStatuses</c>.</param>
internal sealed class Container(JsonElement status)
{
    /// <summary>Name of the container with Dapr's sidecar.</summary>
    public const string Sidecar = "daprd";

    private readonly string? _ended = status.TextAt("state", "terminated", "reason");

    public string Name { get; } = status.TextAt("name") ?? "?";

    public bool Ready { get; } = status.At("ready").ValueKind is JsonValueKind.True;

    /// <summary>It was to end, such as one that prepares a volume.</summary>
    public bool IsDone => _ended is "Completed";

    public int Restarts { get; } = status.NumberAt("restartCount") ?? 0;

    /// <summary>Why it does not run; null when it does, or has ended.</summary>
    public string? Waiting { get; } = status.TextAt("state", "waiting", "reason");

    /// <summary>It ends again and again: its last words are in the log of the run before.</summary>
    public bool Crashes => Waiting is "CrashLoopBackOff";

    /// <summary>It has passed its limit of memory, now or in the run before.</summary>
    public bool RanOutOfMemory => _ended is OutOfMemory || status.TextAt("lastState", "terminated", "reason") is OutOfMemory;

    /// <summary>Its image is missing.</summary>
    public bool LacksImage =>
        Waiting is not null && (Waiting.StartsWith("Image", StringComparison.Ordinal) || Waiting.StartsWith("Err", StringComparison.Ordinal) || Waiting is "InvalidImageName");

    /// <summary>It could not be made, so that there is no log to read.</summary>
    public bool CannotStart => LacksImage || Waiting is "CreateContainerConfigError" or "CreateContainerError";

    /// <summary>Its image is one of those that <c>make images</c> builds.</summary>
    public bool HasOwnImage => status.TextAt("image")?.Contains("p2pcloud/", StringComparison.Ordinal) ?? false;

    private const string OutOfMemory = "OOMKilled";
}
