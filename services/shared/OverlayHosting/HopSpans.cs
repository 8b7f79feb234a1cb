using System.Diagnostics;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// The trace context of what one engine has under way. A call, a timer or a deferred answer goes on in the context in which it
/// began, so the engine need not know of traces; but not for longer than <see cref="Memory"/>, or else a periodic task that a lookup
/// set off would belong to its trace for ever. Used by the mailbox's one reader only.
/// </summary>
internal sealed class HopSpans
{
    /// <summary>How long after the first input what follows from it belongs to its trace: longer than any lookup takes.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, Origin> _calls = [];
    private readonly Dictionary<long, Origin> _timers = [];
    private readonly Dictionary<long, (Activity Span, string LookupId)> _open = [];
    private readonly Dictionary<string, Activity> _byLookup = new(StringComparer.Ordinal);

    private Origin _origin;

    /// <summary>Context of the input that is being handled.</summary>
    public ActivityContext Ambient => _origin.Context;

    public void Enter(Input input, ActivityContext context, DateTimeOffset now)
    {
        _origin = input switch
        {
            Input.Reply reply => Take(_calls, reply.CallId),
            Input.Failed failed => Take(_calls, failed.CallId),
            Input.Due due => Take(_timers, due.TimerId),
            _ => new Origin(context, now),
        };
        if (now - _origin.Since > Memory)
        {
            _origin = default;
        }
    }

    public void Sent(long callId) => Keep(_calls, callId);

    public void Armed(long timerId) => Keep(_timers, timerId);

    public void Disarmed(long timerId) => _timers.Remove(timerId);

    public void Received(Effect.HopReceived effect)
    {
        if (OverlayTelemetry.StartHop(effect.Hop, Ambient) is { } span)
        {
            // The reader goes on with other inputs, and hops end in any order: none of them is current for what comes next.
            Activity.Current = null;
            _origin = _origin with { Context = span.Context };
            _open[effect.RequestId] = (span, effect.Hop.LookupId);
            _byLookup[effect.Hop.LookupId] = span;
        }
    }

    public void Repeated(Effect.HopRepeated effect)
    {
        if (_byLookup.TryGetValue(effect.LookupId, out var span))
        {
            span.AddEvent(new ActivityEvent("p2p.duplicate", tags: new ActivityTagsCollection { ["p2p.from"] = effect.From }));
        }
    }

    public void Responded(long requestId)
    {
        if (_open.Remove(requestId, out var hop))
        {
            if (_byLookup.TryGetValue(hop.LookupId, out var latest) && latest == hop.Span)
            {
                _byLookup.Remove(hop.LookupId);
            }

            hop.Span.Stop();
        }
    }

    private void Keep(Dictionary<long, Origin> origins, long id)
    {
        if (Ambient != default)
        {
            origins[id] = _origin;
        }
    }

    private static Origin Take(Dictionary<long, Origin> origins, long id) => origins.Remove(id, out var origin) ? origin : default;

    private readonly record struct Origin(ActivityContext Context, DateTimeOffset Since);
}
