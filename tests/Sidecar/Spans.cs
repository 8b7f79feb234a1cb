using System.Diagnostics;

namespace P2PCloud.Sidecar;

/// <summary>
/// The two spans that sidecars put into each call, a client span beside the caller and a server span beside the callee, and into the way of an
/// event, a producer span and a consumer span.
/// </summary>
public static class Spans
{
    /// <summary>Name of the activity source.</summary>
    public const string Source = "P2PCloud.Sidecar";

    private const int BaggageBytesMax = 8192;

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>Begins a span under the request's own one. There is always one: without listeners it carries the trace on all the same.</summary>
    internal static Activity Begin(string name, ActivityKind kind, string? parent, string? state)
    {
        var known = ActivityContext.TryParse(parent, state, isRemote: true, out var context);
        var activity = Activities.CreateActivity(name, kind, context) ?? New(name, known ? context : null);
        if (known)
        {
            activity.TraceStateString = context.TraceState;
        }

        return activity.Start();
    }

    /// <summary>Name of the spans of a call.</summary>
    internal static string NameOf(string app, string path) => $"CallLocal/{app}{path}";

    /// <summary>Puts the span in the place of the one that the request came with.</summary>
    internal static void Pass(Activity activity, HttpRequestMessage request)
    {
        request.Headers.Remove("traceparent");
        request.Headers.TryAddWithoutValidation("traceparent", activity.Id);
    }

    /// <summary>Whether a baggage header can be read: members <c>key=value</c> with optional properties (W3C Baggage, section 3).</summary>
    internal static bool IsBaggage(string? baggage) =>
        string.IsNullOrEmpty(baggage)
        || (baggage.Length <= BaggageBytesMax && baggage.Split(',').All(member =>
            member.Split(';')[0].Split('=', 2) is [var key, _] && key.Trim() is { Length: > 0 } name && name.All(IsTokenCharacter)));

    private static bool IsTokenCharacter(char character) => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);

    private static Activity New(string name, ActivityContext? parent)
    {
        var activity = new Activity(name);
        activity.SetIdFormat(ActivityIdFormat.W3C);
        if (parent is { } context)
        {
            activity.SetParentId(context.TraceId, context.SpanId, context.TraceFlags);
        }

        return activity;
    }
}
