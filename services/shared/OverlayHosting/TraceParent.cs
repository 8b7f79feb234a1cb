using System.Diagnostics;

namespace P2PCloud.OverlayHosting;

/// <summary>The header of W3C Trace Context.</summary>
internal static class TraceParent
{
    public static string Format(ActivityContext context) =>
        $"00-{context.TraceId}-{context.SpanId}-{(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";

    public static ActivityContext Parse(string? traceParent, string? traceState) =>
        ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var context) ? context : default;
}
