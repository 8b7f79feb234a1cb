using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.Gateway.Forwarding;

/// <summary>
/// Tells a peer that hangs from one that works for long: while a request waits for its answer, the peer is asked for its state. At most one
/// question to a peer is under way, whatever number of requests wait.
/// </summary>
internal sealed class PeerProbes(NodeClient nodes, TimeProvider time, IOptions<GatewayOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<bool>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Watches a peer from now until the watch is stopped or disposed.</summary>
    public PeerWatch Watch(NodeRef peer) => new(() => AnswersAsync(peer), options.Value.ProbeAfter, time);

    private Task<bool> AnswersAsync(NodeRef peer)
    {
        lock (_gate)
        {
            if (!_underWay.TryGetValue(peer.App, out var probe))
            {
                _underWay[peer.App] = probe = Task.Run(() => AskAsync(peer));
            }

            return probe;
        }
    }

    private async Task<bool> AskAsync(NodeRef peer)
    {
        try
        {
            return await nodes.GetAsync(
                peer, "/state", ContractsJsonContext.Default.PeerState, options.Value.StateTimeout, CancellationToken.None) is not null;
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(peer.App);
            }
        }
    }
}
