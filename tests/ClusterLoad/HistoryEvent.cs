using System.Text.Json.Serialization;

namespace P2PCloud.ClusterLoad;

/// <summary>What a line of a history says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HistoryEventType>))]
public enum HistoryEventType
{
    /// <summary>First line: when the history begins.</summary>
    [JsonStringEnumMemberName("history")]
    History,

    /// <summary>The deadline and the rates of a load that begins.</summary>
    [JsonStringEnumMemberName("load")]
    Load,

    /// <summary>An operation begins: written before the first byte is sent.</summary>
    [JsonStringEnumMemberName("begin")]
    Begin,

    /// <summary>An operation has its outcome.</summary>
    [JsonStringEnumMemberName("end")]
    End,

    /// <summary>An operation was due and not started, since too many were under way.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>A named instant.</summary>
    [JsonStringEnumMemberName("mark")]
    Mark,

    /// <summary>From now on the files of a peer need not be found.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,

    /// <summary>From now on the files of a peer must be found again.</summary>
    [JsonStringEnumMemberName("present")]
    Present,
}

/// <summary>What an operation does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
public enum OperationKind
{
    /// <summary>Finds a file by one technique.</summary>
    [JsonStringEnumMemberName("lookup")]
    Lookup,

    /// <summary>Writes a key.</summary>
    [JsonStringEnumMemberName("put")]
    Put,

    /// <summary>Reads a key.</summary>
    [JsonStringEnumMemberName("get")]
    Get,

    /// <summary>Fetches a file.</summary>
    [JsonStringEnumMemberName("download")]
    Download,

    /// <summary>Shares a file at a peer.</summary>
    [JsonStringEnumMemberName("share")]
    Share,
}

/// <summary>How an operation ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>Written, read, found, fetched or shared.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The cloud says that there is no such key or file (404 with a problem), or a lookup's answer does not have the
    /// file.</summary>
    [JsonStringEnumMemberName("notFound")]
    NotFound,

    /// <summary>Any other status that is not a success.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>No whole answer within the deadline.</summary>
    [JsonStringEnumMemberName("deadline")]
    Deadline,

    /// <summary>No gateway could be reached: nothing was sent.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>The connection broke after something had been sent.</summary>
    [JsonStringEnumMemberName("connection")]
    Connection,

    /// <summary>A success that is not what the interface promises: it cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}

/// <summary>The part of a run in which an operation happens.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>Keys are written and files are shared, before anything goes wrong.</summary>
    [JsonStringEnumMemberName("prepare")]
    Prepare,

    /// <summary>The load.</summary>
    [JsonStringEnumMemberName("load")]
    Load,

    /// <summary>Keys are written and read through one peer, beside the load.</summary>
    [JsonStringEnumMemberName("probe")]
    Probe,

    /// <summary>All keys are read, after the load.</summary>
    [JsonStringEnumMemberName("final")]
    Final,
}

/// <summary>What an operation is about.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Phase">Part of the run.</param>
/// <param name="Technique">Of a lookup.</param>
/// <param name="Key">Of a put or get.</param>
/// <param name="File">Content id that is looked up, fetched or shared: SHA-256 of the bytes that were shared, 64 lower-case hexadecimal
/// digits.</param>
/// <param name="Peer">App-id of the peer at which a file is to be shared, or through which a key is written or read; null: the gateway
/// chooses.</param>
/// <param name="Written">The value that a put writes; no two puts of a history write the same.</param>
public sealed record OperationSubject(
    OperationKind Kind, Phase Phase, string? Technique = null, string? Key = null, string? File = null, string? Peer = null, string? Written = null);

/// <summary>How an operation ended.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Status">HTTP status; null when there was none.</param>
/// <param name="Problem">The type of the problem details (RFC 9457) of a refusal; null when the answer had none.</param>
/// <param name="Detail">What the refusal says, or the failure; at most 200 characters.</param>
/// <param name="Read">The value that a get read.</param>
/// <param name="Version">Of the key, written or read.</param>
/// <param name="Sha256">Of the bytes that a download brought, 64 lower-case hexadecimal digits.</param>
/// <param name="Complete">Of a lookup: false when part of the overlay did not answer in time, and the answer says so.</param>
/// <param name="Provider">App-id of the peer that shares the file now.</param>
/// <param name="Gateway">Address of the gateway that answered; null: none did.</param>
public sealed record OperationResult(
    Outcome Outcome,
    int? Status = null,
    string? Problem = null,
    string? Detail = null,
    string? Read = null,
    string? Version = null,
    string? Sha256 = null,
    bool? Complete = null,
    string? Provider = null,
    string? Gateway = null);

/// <summary>One line of a history file.</summary>
/// <param name="Event">What it says.</param>
/// <param name="At">Microseconds since the history began, by a clock that is never set.</param>
/// <param name="Id">Of an operation, from 1.</param>
/// <param name="Due">Microseconds: when the operation was to start.</param>
/// <param name="Subject">With <c>begin</c> and <c>skipped</c>.</param>
/// <param name="Result">With <c>end</c>.</param>
/// <param name="Name">Of a mark, or app-id of a peer that is absent or present.</param>
/// <param name="Wall">With <c>history</c>: the time of day, for people who compare with logs.</param>
/// <param name="Deadline">With <c>load</c>: the longest time of an operation, in microseconds.</param>
/// <param name="Rates">With <c>load</c>: operations a second by stream (see <see cref="Streams"/>).</param>
public sealed record HistoryEvent(
    HistoryEventType Event,
    long At,
    long? Id = null,
    long? Due = null,
    OperationSubject? Subject = null,
    OperationResult? Result = null,
    string? Name = null,
    DateTimeOffset? Wall = null,
    long? Deadline = null,
    IReadOnlyDictionary<string, double>? Rates = null);

/// <summary>Names of the streams of operations: a technique for its lookups, else the kind.</summary>
public static class Streams
{
    /// <summary>Writes of keys.</summary>
    public const string Put = "put";

    /// <summary>Reads of keys.</summary>
    public const string Get = "get";

    /// <summary>Downloads.</summary>
    public const string Download = "download";

    /// <summary>Sharing files; only before the load.</summary>
    public const string Share = "share";

    /// <summary>The stream of an operation.</summary>
    public static string Of(OperationSubject subject) => subject.Kind switch
    {
        OperationKind.Lookup => subject.Technique ?? throw new ArgumentException("A lookup has a technique."),
        OperationKind.Put => Put,
        OperationKind.Get => Get,
        OperationKind.Download => Download,
        _ => Share,
    };
}

/// <summary>How lines are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEvent))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
