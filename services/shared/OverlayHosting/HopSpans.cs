using System.Diagnostics;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// The trace context of what one engine has under way. A call, a timer or a deferred answer goes on in the context in which it
/// began, so the engine need not know of traces. Used by the mailbox's one reader only.
/// </summary>
internal sealed class HopSpans
{
    private readonly Dictionary<long, ActivityContext> _calls = [];
    private readonly Dictionary<long, ActivityContext> _timers = [];
    private readonly Dictionary<long, (Activity Span, string LookupId)> _open = [];
    private readonly Dictionary<string, Activity> _byLookup = new(StringComparer.Ordinal);

    /// <summary>Context of the input that is being handled.</summary>
    public ActivityContext Ambient { get; private set; }

    public void Enter(Input input, ActivityContext context) => Ambient = input switch
    {
        Input.Reply reply => Take(_calls, reply.CallId),
        Input.Failed failed => Take(_calls, failed.CallId),
        Input.Due due => Take(_timers, due.TimerId),
        _ => context,
    };

    public void Sent(long callId) => Keep(_calls, callId);

    public void Armed(long timerId) => Keep(_timers, timerId);

    public void Disarmed(long timerId) => _timers.Remove(timerId);

    public void Received(Effect.HopReceived effect)
    {
        if (OverlayTelemetry.StartHop(effect.Hop, Ambient) is { } span)
        {
            Ambient = span.Context;
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

    private void Keep(Dictionary<long, ActivityContext> contexts, long id)
    {
        if (Ambient != default)
        {
            contexts[id] = Ambient;
        }
    }

    private static ActivityContext Take(Dictionary<long, ActivityContext> contexts, long id) => contexts.Remove(id, out var context) ? context : default;
}
