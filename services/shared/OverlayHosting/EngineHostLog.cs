using System.Diagnostics;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

internal static partial class EngineHostLog
{
    private static readonly Func<ILogger, ActivitySpanId, ActivityTraceId, IDisposable?> Scope =
        LoggerMessage.DefineScope<ActivitySpanId, ActivityTraceId>("SpanId:{SpanId}, TraceId:{TraceId}");

    /// <summary>Has what is logged until the end of the scope say to which trace it belongs, by the names that it has in a request's records.</summary>
    public static IDisposable? InTrace(this ILogger logger, ActivityContext trace) => trace == default ? null : Scope(logger, trace.SpanId, trace.TraceId);

    [LoggerMessage(EventId = 1001, EventName = "EngineFailed", Level = LogLevel.Critical, Message = "The engine of {Node} failed on {Input} and stops")]
    public static partial void EngineFailed(this ILogger logger, Exception failure, NodeRef node, Input? input);

    [LoggerMessage(EventId = 1002, EventName = "NodeNotReached", Level = LogLevel.Debug, Message = "{Node} did not reach {Target}: {Reason}")]
    public static partial void NodeNotReached(this ILogger logger, NodeRef node, NodeRef target, string reason);

    [LoggerMessage(EventId = 1003, EventName = "KeysNotSaved", Level = LogLevel.Error, Message = "{Node} could not save {Count} changes of keys; it refuses writes and tries again")]
    public static partial void KeysNotSaved(this ILogger logger, Exception failure, NodeRef node, int count);
}
