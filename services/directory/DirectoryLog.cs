namespace P2PCloud.CentralDirectory;

internal static partial class DirectoryLog
{
    [LoggerMessage(
        EventId = 1401, EventName = "Swept", Level = LogLevel.Debug, Message = "{Sessions} sessions expired, {Postings} postings freed")]
    public static partial void Swept(this ILogger logger, int sessions, int postings);

    [LoggerMessage(
        EventId = 1402, EventName = "SweepFailed", Level = LogLevel.Warning, Message = "Redis did not answer the sweep: {Reason}")]
    public static partial void SweepFailed(this ILogger logger, string reason);
}
