using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>Delivers messages between virtual nodes of one peer in the process, and all others through the inner transport.</summary>
public sealed class LocalFirstTransport(INodeTransport inner, string app, Func<int?, EngineHost?> find) : INodeTransport
{
    /// <inheritdoc/>
    public Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken) =>
        message.To.App == app && find(message.To.VirtualNode) is { } engine
            ? engine.AskAsync(message.From ?? new NodeRef(app), message.SentAt, message.Body, message.Trace, cancellationToken)
            : inner.SendAsync(message, cancellationToken);
}
