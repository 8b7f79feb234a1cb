using System.Diagnostics;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>Carries a request to a node and its reply back.</summary>
public interface INodeTransport
{
    /// <summary>Sends one request.</summary>
    /// <exception cref="NodeUnreachableException">No usable answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, the time-out included.</exception>
    Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken);
}

/// <summary>A request on its way.</summary>
/// <param name="From">The sending node; null for a service that is no node.</param>
/// <param name="To">The receiving node.</param>
/// <param name="Body">One of the requests in <see cref="WireOperations"/>.</param>
/// <param name="SentAt">By the sender's clock.</param>
/// <param name="Trace">Context of the hop before, or default.</param>
public sealed record Outgoing(NodeRef? From, NodeRef To, IMessage Body, DateTimeOffset SentAt, ActivityContext Trace);
