using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Gnutella;

/// <summary>A node that sends what it is told to, and answers pings and byes only.</summary>
internal sealed class Stranger(NodeRef self) : Engine(self, new SplitMix64(1))
{
    protected override void OnStart()
    {
    }

    protected override void OnRequest(Input.Request request)
    {
        if (request.Body is Contracts.Gnutella.PingRequest)
        {
            Respond(request.RequestId, new Contracts.Gnutella.PongReply(true, 0, 0));
        }
        else if (request.Body is Contracts.Gnutella.ByeRequest)
        {
            Respond(request.RequestId, Ack.Instance);
        }
    }

    protected override void OnCommand(long commandId, ICommand command) => ((ISay)command).Say(this, commandId);

    /// <summary>A request to send.</summary>
    internal interface ISay : ICommand
    {
        void Say(Stranger stranger, long commandId);
    }

    internal sealed record Say<TReply>(NodeRef To, IRequest<TReply> Request) : ICommand<TReply>, ISay
        where TReply : class, IMessage
    {
        void ISay.Say(Stranger stranger, long commandId) =>
            stranger.Call(To, Request, TimeSpan.FromSeconds(1), reply => stranger.Complete(commandId, this, reply!));
    }
}
