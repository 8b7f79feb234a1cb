using Microsoft.Extensions.Options;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Supernode;

/// <summary>Shows the state of this group leader in metrics.</summary>
public sealed class SupernodeSampling(SupernodeEngines engines, IOptions<NodeOptions> options, TimeProvider time) : NodeSampling(options, time)
{
    /// <inheritdoc/>
    protected override async Task ShowAsync(CancellationToken cancellationToken) => NodeGauges.Show(App, await engines.StateAsync(cancellationToken));

    /// <inheritdoc/>
    protected override void Forget() => NodeGauges.Forget(App);
}
