using System.Diagnostics;
using System.Diagnostics.Metrics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>Spans and metrics of the overlays. Attributes are named <c>p2p.*</c>.</summary>
public static class OverlayTelemetry
{
    private const string Failed = "failed";

    private static readonly ActivitySource Source = new(TelemetryNames.Overlays);

    internal static readonly Meter Meter = new(TelemetryNames.Overlays);

    /// <summary>From a local hop to a flood's time-out.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
    };

    /// <summary>Every number of hops that a ring of 2^16 nodes needs has a bucket of its own; floods have more.</summary>
    private static readonly InstrumentAdvice<long> HopCounts = new()
    {
        HistogramBucketBoundaries = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256, 512, 1024],
    };

    private static readonly InstrumentAdvice<long> Counts = new()
    {
        HistogramBucketBoundaries = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    };

    private static readonly Histogram<double> LookupDuration = Meter.CreateHistogram(
        "p2p.lookup.duration", "s", "Time of a lookup at its entry peer.", tags: null, Seconds);

    private static readonly Histogram<long> LookupHops = Meter.CreateHistogram(
        "p2p.lookup.hops", "{hop}", "Hops of a lookup.", tags: null, HopCounts);

    private static readonly Histogram<long> LookupMessages = Meter.CreateHistogram(
        "p2p.lookup.messages", "{message}", "Protocol messages of a lookup, replies included.", tags: null, Counts);

    private static readonly Histogram<long> LookupMatches = Meter.CreateHistogram(
        "p2p.lookup.matches", "{posting}", "Postings that a lookup found.", tags: null, Counts);

    private static readonly Counter<long> FailedHops =
        Meter.CreateCounter<long>("p2p.hop.failures", "{hop}", "Hops that did not reach their node.");

    private static readonly Histogram<double> KeyDuration = Meter.CreateHistogram(
        "p2p.key.duration", "s", "Time of an operation on a key at its entry peer.", tags: null, Seconds);

    private static readonly Counter<long> Departures =
        Meter.CreateCounter<long>("p2p.node.departures", "{departure}", "Graceful stops of a node, by whether it handed everything over in time.");

    private static readonly Counter<long> MailboxRefusals =
        Meter.CreateCounter<long>("p2p.mailbox.refused", "{request}", "Requests refused because an engine's mailbox was full.");

    /// <summary>Starts the span of a lookup at its entry peer.</summary>
    public static Activity? StartLookup(string technique, string node)
    {
        var activity = Source.StartActivity($"{technique}.lookup");
        activity?.SetTag(TelemetryNames.Technique, technique);
        activity?.SetTag(TelemetryNames.Node, node);
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
        activity?.SetTag(TelemetryNames.Outcome, OutcomeOf(result.Outcome));
        if (result.Outcome is SearchOutcome.Failed)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }

        TagList tags = new() { { TelemetryNames.Technique, technique }, { TelemetryNames.Outcome, OutcomeOf(result.Outcome) } };
        LookupDuration.Record(elapsed.TotalSeconds, tags);
        LookupHops.Record(hops, tags);
        LookupMessages.Record(result.Messages, tags);
        LookupMatches.Record(result.Postings.Count, tags);
        activity?.Stop();
    }

    /// <summary>Records an operation on a key.</summary>
    /// <param name="operation"><c>get</c>, <c>put</c> or <c>delete</c>.</param>
    /// <param name="outcome">One of <see cref="Contracts.Api.KeyOutcomes"/>.</param>
    /// <param name="elapsed">Time at the entry peer.</param>
    public static void EndKey(string operation, string outcome, TimeSpan elapsed) =>
        KeyDuration.Record(elapsed.TotalSeconds, new("p2p.key.operation", operation), new(TelemetryNames.Outcome, outcome));

    /// <summary>Starts the span of a hop at the node that received it. Null outside a trace.</summary>
    /// <param name="hop">What the span says.</param>
    /// <param name="parent">The hop or lookup before it.</param>
    public static Activity? StartHop(HopMark hop, ActivityContext parent) => StartHop(hop, parent, HopOutcomes.Ok, default);

    /// <summary>Has what a node counts start from zero, so that the first departure or failure is seen as an increase.</summary>
    internal static void StartCounting(string node)
    {
        CountDeparture(node, HopOutcomes.Ok, 0);
        CountDeparture(node, Failed, 0);
        foreach (var technique in Techniques.All)
        {
            CountFailedHops(technique, 0);
        }
    }

    internal static void CountDeparture(string node, bool handedOver) => CountDeparture(node, handedOver ? HopOutcomes.Ok : Failed, 1);

    internal static void RecordFailedHop(HopMark hop, ActivityContext parent, DateTimeOffset sentAt)
    {
        CountFailedHops(hop.Technique, 1);
        using var activity = StartHop(hop, parent, HopOutcomes.Unreachable, sentAt);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    internal static void CountRefusals(string engine, int count) =>
        MailboxRefusals.Add(count, new KeyValuePair<string, object?>("p2p.engine", engine));

    private static Activity? StartHop(HopMark hop, ActivityContext parent, string outcome, DateTimeOffset startTime)
    {
        if (parent == default)
        {
            return null;
        }

        var kind = hop.Local ? ActivityKind.Internal : ActivityKind.Server;
        var activity = Source.StartActivity($"{hop.Technique}.hop", kind, parent, startTime: startTime);
        activity?.SetTag(TelemetryNames.Technique, hop.Technique)
            .SetTag("p2p.lookup.id", hop.LookupId)
            .SetTag("p2p.hop.index", hop.Index)
            .SetTag(TelemetryNames.Node, hop.From)
            .SetTag("p2p.next", hop.To)
            .SetTag("p2p.hop.local", hop.Local)
            .SetTag(TelemetryNames.Outcome, outcome);
        return activity;
    }

    private static void CountFailedHops(string technique, int count) =>
        FailedHops.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Technique, technique));

    private static void CountDeparture(string node, string outcome, int count) =>
        Departures.Add(count, new(TelemetryNames.Node, node), new(TelemetryNames.Outcome, outcome));

    private static string OutcomeOf(SearchOutcome outcome) => outcome switch
    {
        SearchOutcome.Complete => HopOutcomes.Ok,
        SearchOutcome.Partial => "partial",
        SearchOutcome.Failed => Failed,
        _ => throw new UnreachableException(),
    };
}
