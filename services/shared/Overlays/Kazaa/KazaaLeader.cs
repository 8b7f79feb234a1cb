using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>A group leader for as long as it runs: a small central index for its children, and a node of the flood among leaders.</summary>
public sealed class KazaaLeader : Engine
{
    private readonly GroupLeader _leader;

    /// <summary>A leader that has not started.</summary>
    public KazaaLeader(NodeRef self, IRandom random, BootParameters boot, KazaaParameters parameters)
        : base(self, random) => _leader = new GroupLeader(this, boot, parameters, promoted: false);

    /// <inheritdoc/>
    protected override void OnStart() => _leader.Start();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request) => _leader.Handle(request);

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case LeaveCommand leave:
                _leader.Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case KazaaLeaderStatusCommand status:
                Complete(commandId, status, _leader.Status());
                break;
            default:
                throw new UnreachableException();
        }
    }
}
