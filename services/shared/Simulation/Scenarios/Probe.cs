using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Sends one request as any node could.</summary>
internal sealed record ProbeCommand<TReply>(NodeRef To, IRequest<TReply> Request) : ICommand<ProbeResult>, IProbeCommand
    where TReply : class, IMessage
{
    public void Send(Probe probe, Action<IMessage?> done) => probe.Ask(To, Request, done);
}

/// <summary>A <see cref="ProbeCommand{TReply}"/> without its type.</summary>
internal interface IProbeCommand : ICommand<ProbeResult>
{
    void Send(Probe probe, Action<IMessage?> done);
}

/// <summary>The reply, or null.</summary>
internal sealed record ProbeResult(IMessage? Reply);

/// <summary>A node that only asks others, for checks from outside.</summary>
internal sealed class Probe(IRandom random) : Engine(new NodeRef("probe"), random)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public void Ask<TReply>(NodeRef to, IRequest<TReply> request, Action<IMessage?> done)
        where TReply : class, IMessage => Call(to, request, Timeout, done);

    protected override void OnStart()
    {
    }

    protected override void OnRequest(Input.Request request) => throw new UnreachableException();

    protected override void OnCommand(long commandId, ICommand command)
    {
        var asked = (IProbeCommand)command;
        asked.Send(this, reply => Complete(commandId, asked, new ProbeResult(reply)));
    }
}
