using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Benchmarks;

/// <summary>A request that says nothing.</summary>
internal sealed record Question : IRequest<Ack>;

/// <summary>Answers every request at once, and calls another node at random as soon as the last one has answered.</summary>
internal sealed class EchoEngine(NodeRef self, IRandom random, IReadOnlyList<NodeRef> nodes) : Engine(self, random)
{
    private static readonly Question Asked = new();
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override void OnStart() => Next(Ack.Instance);

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request) => Respond(request.RequestId, Ack.Instance);

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command) => throw new NotSupportedException();

    private void Next(Ack? _) => Call(nodes[Random.NextBelow(nodes.Count)], Asked, Timeout, Next);
}
