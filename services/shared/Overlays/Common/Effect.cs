using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Common;

/// <summary>What an engine wants done, as data. The host behind HTTP and the simulator carry it out each in their way.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Send a request; the outcome comes back as <see cref="Input.Reply"/> or, at the latest after the time-out, <see cref="Input.Failed"/>.</summary>
    public sealed record Send(long CallId, NodeRef To, IMessage Body, TimeSpan Timeout) : Effect;

    /// <summary>Answer a request.</summary>
    public sealed record Respond(long RequestId, IMessage Body) : Effect;

    /// <summary>Give <see cref="Input.Due"/> once, after this time.</summary>
    public sealed record Arm(long TimerId, TimeSpan After) : Effect;

    /// <summary>Forget a timer.</summary>
    public sealed record Disarm(long TimerId) : Effect;

    /// <summary>Answer a command.</summary>
    public sealed record Complete(long CommandId, object Result) : Effect;

    /// <summary>
    /// Keep this record of a key durably, in place of the one before, until told otherwise. It is carried out before every later effect:
    /// what is acknowledged is kept.
    /// </summary>
    public sealed record Keep(KeyRecord Record) : Effect;

    /// <summary>Drop what is kept of this key.</summary>
    public sealed record Drop(NodeId Id, string Key) : Effect;

    /// <summary>
    /// Remember these members of an overlay, the newest knowledge first, beyond the end of the process: the node joins through them
    /// when BOOT does not answer. Losing them does no harm.
    /// </summary>
    /// <param name="Overlay">One of <see cref="OverlayNames"/>.</param>
    /// <param name="Nodes">A few members.</param>
    public sealed record Remember(string Overlay, IReadOnlyList<NodeRef> Nodes) : Effect;

    /// <summary>The request was a hop of a lookup: what follows from it belongs below that hop. The hop ends with the response.</summary>
    public sealed record HopReceived(long RequestId, HopMark Hop) : Effect;

    /// <summary>The request was a copy of a message that this node handled before, as part of the named lookup.</summary>
    public sealed record HopRepeated(long RequestId, string LookupId, string From) : Effect;

    /// <summary>A hop did not reach its node.</summary>
    public sealed record HopFailed(HopMark Hop, DateTimeOffset SentAt) : Effect;
}

/// <summary>What a span says about a hop.</summary>
/// <param name="Technique">One of <see cref="Techniques"/>.</param>
/// <param name="LookupId">The same in all hops of a lookup.</param>
/// <param name="Index">Distance from the entry peer in hops: 0 for a first hop.</param>
/// <param name="From">Name of the sending node.</param>
/// <param name="To">Name of the receiving node.</param>
/// <param name="Local">True between virtual nodes of one peer.</param>
public sealed record HopMark(string Technique, string LookupId, int Index, string From, string To, bool Local = false);
