using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting.Tests;

/// <summary>A request that says nothing.</summary>
internal sealed record Question : IRequest<Ack>;

/// <summary>An engine whose reactions are written in the test.</summary>
internal sealed class ScriptedEngine() : Engine(new NodeRef("peer-0"), new SplitMix64(1))
{
    public Action<ScriptedEngine>? Starting { get; init; }

    public Action<ScriptedEngine, Input.Request>? Requested { get; init; }

    public Action<ScriptedEngine, long, ICommand>? Commanded { get; init; }

    protected override void OnStart() => Starting?.Invoke(this);

    protected override void OnRequest(Input.Request request) => Requested?.Invoke(this, request);

    protected override void OnCommand(long commandId, ICommand command) => Commanded?.Invoke(this, commandId, command);

    public void Answer(long requestId, IMessage reply) => Respond(requestId, reply);

    public void Finish(long commandId, ICommand command) => Complete(commandId, (LeaveCommand)command, Done.Yes);

    public void Finish(long commandId, PutKeyCommand command, KeyResult result) => Complete(commandId, command, result);

    public void Ask<TReply>(NodeRef to, IRequest<TReply> request, TimeSpan timeout, Action<TReply?> done)
        where TReply : class, IMessage => Call(to, request, timeout, done);

    public long Later(TimeSpan delay, Action action) => After(delay, action);

    public void Forget(long timerId) => Cancel(timerId);

    public void Hop(long requestId, HopMark hop) => MarkHop(requestId, hop);

    public void Repeat(long requestId, string lookupId, NodeRef from) => MarkRepeated(requestId, lookupId, from);

    public void Hold(KeyRecord record) => Keep(record);

    public void Forget(KeyRecord record) => Drop(record);

    public void Fail(HopMark hop) => MarkFailed(hop, Now);
}

/// <summary>A transport whose answers are written in the test.</summary>
internal sealed class ScriptedTransport(Func<Outgoing, CancellationToken, Task<IMessage>> answer) : INodeTransport
{
    public List<Outgoing> Sent { get; } = [];

    public Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken)
    {
        Sent.Add(message);
        return answer(message, cancellationToken);
    }
}
