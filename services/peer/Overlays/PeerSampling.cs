using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Peer.Overlays;

/// <summary>Shows the state of this peer, and of the group leader that it may be, in metrics.</summary>
public sealed class PeerSampling(PeerStates states, IOptions<OverlayOptions> overlays, IOptions<NodeOptions> options, TimeProvider time)
    : NodeSampling(options, time)
{
    private string Leader => KazaaNodes.LeaderAt(new NodeRef(App)).Name;

    /// <inheritdoc/>
    protected override async Task ShowAsync(CancellationToken cancellationToken)
    {
        NodeGauges.Show(await states.ReadAsync(cancellationToken), overlays.Value.ChordBits);
        if (await states.ReadLeaderAsync(cancellationToken) is { } leader)
        {
            NodeGauges.Show(Leader, leader);
        }
        else
        {
            NodeGauges.Forget(Leader);
        }
    }

    /// <inheritdoc/>
    protected override void Forget()
    {
        NodeGauges.Forget(App);
        NodeGauges.Forget(Leader);
    }
}
