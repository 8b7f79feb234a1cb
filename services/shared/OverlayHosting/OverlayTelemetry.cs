using System.Diagnostics;
using System.Diagnostics.Metrics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>Spans and metrics of the overlays. Attributes are named <c>p2p.*</c>.</summary>
public static class OverlayTelemetry
{
    private static readonly ActivitySource Source = new(TelemetryNames.Overlays);
    private static readonly Meter Meter = new(TelemetryNames.Overlays);

    private static readonly Histogram<double> LookupDuration =
        Meter.CreateHistogram<double>("p2p.lookup.duration", "s", "Time of a lookup at its entry peer.");

    private static readonly Histogram<long> LookupHops = Meter.CreateHistogram<long>("p2p.lookup.hops", "{hop}", "Hops of a lookup.");

    private static readonly Histogram<long> LookupMessages =
        Meter.CreateHistogram<long>("p2p.lookup.messages", "{message}", "Protocol messages of a lookup, replies included.");

    private static readonly Counter<long> MailboxRefusals =
        Meter.CreateCounter<long>("p2p.mailbox.refused", "{request}", "Requests refused because an engine's mailbox was full.");

    /// <summary>Starts the span of a lookup at its entry peer.</summary>
    public static Activity? StartLookup(string technique, string node)
    {
        var activity = Source.StartActivity($"{technique}.lookup");
        activity?.SetTag("p2p.technique", technique);
        activity?.SetTag("p2p.node", node);
        return activity;
    }

    /// <summary>Ends the span of a lookup and records its metrics.</summary>
    /// <param name="activity">From <see cref="StartLookup"/>.</param>
    /// <param name="technique">One of <see cref="Techniques"/>.</param>
    /// <param name="result">What the engine answered.</param>
    /// <param name="hops">Number of hops.</param>
    /// <param name="elapsed">Time at the entry peer.</param>
    public static void EndLookup(Activity? activity, string technique, SearchResult result, int hops, TimeSpan elapsed)
    {
        activity?.SetTag("p2p.lookup.id", result.LookupId);
        activity?.SetTag("p2p.outcome", OutcomeOf(result.Outcome));
        if (result.Outcome is SearchOutcome.Failed)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }

        TagList tags = new() { { "p2p.technique", technique }, { "p2p.outcome", OutcomeOf(result.Outcome) } };
        LookupDuration.Record(elapsed.TotalSeconds, tags);
        LookupHops.Record(hops, tags);
        LookupMessages.Record(result.Messages, tags);
        activity?.Stop();
    }

    /// <summary>Starts the span of a hop at the node that received it. Null outside a trace.</summary>
    /// <param name="hop">What the span says.</param>
    /// <param name="parent">The hop or lookup before it.</param>
    public static Activity? StartHop(HopMark hop, ActivityContext parent) => StartHop(hop, parent, HopOutcomes.Ok, default);

    internal static void RecordFailedHop(HopMark hop, ActivityContext parent, DateTimeOffset sentAt)
    {
        using var activity = StartHop(hop, parent, HopOutcomes.Unreachable, sentAt);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    internal static void CountRefusal(string engine) => MailboxRefusals.Add(1, new KeyValuePair<string, object?>("p2p.engine", engine));

    private static Activity? StartHop(HopMark hop, ActivityContext parent, string outcome, DateTimeOffset startTime)
    {
        if (parent == default)
        {
            return null;
        }

        var kind = hop.Local ? ActivityKind.Internal : ActivityKind.Server;
        var activity = Source.StartActivity($"{hop.Technique}.hop", kind, parent, startTime: startTime);
        activity?.SetTag("p2p.technique", hop.Technique)
            .SetTag("p2p.lookup.id", hop.LookupId)
            .SetTag("p2p.hop.index", hop.Index)
            .SetTag("p2p.node", hop.From)
            .SetTag("p2p.next", hop.To)
            .SetTag("p2p.hop.local", hop.Local)
            .SetTag("p2p.outcome", outcome);
        return activity;
    }

    private static string OutcomeOf(SearchOutcome outcome) => outcome switch
    {
        SearchOutcome.Complete => HopOutcomes.Ok,
        SearchOutcome.Partial => "partial",
        SearchOutcome.Failed => "failed",
        _ => throw new UnreachableException(),
    };
}
