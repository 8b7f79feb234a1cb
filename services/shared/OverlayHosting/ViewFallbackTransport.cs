using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>
/// Answers a peer's question for other members from its own view of the peers when BOOT does not answer: every peer is a servent of
/// Gnutella and has a Chord node 0. For other overlays, and all other requests, it is the inner transport.
/// </summary>
/// <param name="inner">To BOOT and everybody else.</param>
/// <param name="membership">Runs the <see cref="MembershipNode"/>; null while it does not.</param>
/// <param name="random">Used by this transport alone.</param>
/// <param name="time">For the patience with BOOT.</param>
public sealed class ViewFallbackTransport(INodeTransport inner, Func<EngineHost?> membership, IRandom random, TimeProvider time) : INodeTransport
{
    /// <summary>How long BOOT may take; a question's own time-out is longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _drawing = new();

    /// <inheritdoc/>
    public async Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken)
    {
        if (message.Body is not SampleRequest { Overlay: OverlayNames.Gnutella or OverlayNames.Chord } request || membership() is not { } peers)
        {
            return await inner.SendAsync(message, cancellationToken);
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await inner.SendAsync(message, both.Token);
        }
        catch (Exception failure) when (failure is NodeUnreachableException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var view = await peers.CommandAsync(new ViewCommand(), cancellationToken);
            return view.Entries.Count > 0
                ? SampleOf(view, request)
                : throw new NodeUnreachableException("BOOT does not answer, and no other peer is known.", failure);
        }
    }

    private SampleReply SampleOf(ViewState view, SampleRequest request)
    {
        var members = view.Entries
            .Select(entry => request.Overlay == OverlayNames.Chord ? entry.Node with { VirtualNode = 0 } : entry.Node)
            .Where(node => !request.Exclude.Contains(node.Name));
        lock (_drawing)
        {
            return new SampleReply(random.Sample(members, request.Count));
        }
    }
}
