using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>Says that this node is ready: from now on BOOT names it as one through which lookups can enter.</summary>
public sealed record AnnounceCommand : ICommand<Done>;

/// <summary>
/// A peer's entry in the overlay of all peers: registered from the start, so that everybody can see it, and announced when it is
/// ready to be used. It exchanges no messages with other peers.
/// </summary>
public sealed class MembershipNode : Engine
{
    private readonly BootSession _session;

    /// <summary>A node that is not registered yet.</summary>
    public MembershipNode(NodeRef self, IRandom random, BootParameters parameters)
        : base(self, random) => _session = new BootSession(this, OverlayNames.Peers, self, parameters);

    /// <inheritdoc/>
    protected override void OnStart() => _session.Join(0, _ => { });

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request) => throw new UnreachableException();

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case AnnounceCommand announce:
                _session.Joined();
                Complete(commandId, announce, Done.Yes);
                break;
            case LeaveCommand leave:
                _session.Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            default:
                throw new UnreachableException();
        }
    }
}
