using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class ViewFallbackTests : IAsyncLifetime
{
    private static readonly NodeRef Bootstrap = new(AppIds.Bootstrap);
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly Answers _boot = new();
    private EngineHost? _membership;
    private ViewFallbackTransport _transport = null!;

    public async ValueTask InitializeAsync()
    {
        var node = new MembershipNode(new NodeRef("peer-0"), new SplitMix64(1), new BootParameters { Bootstrap = Bootstrap, Incarnation = 1 });
        _membership = new EngineHost(node, new Answers(), _time, NullLogger.Instance, failure => Assert.Fail(failure.Message));
        _membership.Start();
        _transport = new ViewFallbackTransport(_boot, () => _membership, new SplitMix64(2), _time);
        var shuffle = new ShuffleRequest([new(new("peer-1"), 0), new(new("peer-2"), 3), new(new("peer-3"), 1)]);
        await _membership.AskAsync(new NodeRef("peer-1"), default, shuffle, default, Limit);
    }

    public async ValueTask DisposeAsync() => await (_membership?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Fact]
    public async Task With_BOOT_up_its_answer_is_the_answer()
    {
        _boot.Reply = new SampleReply([new NodeRef("peer-9")]);

        Assert.Equal(["peer-9"], await SampleAsync(OverlayNames.Gnutella, 5));
    }

    [Fact]
    public async Task With_BOOT_down_members_come_from_the_view_without_the_excluded()
    {
        Assert.Equal(["peer-1", "peer-3"], await SampleAsync(OverlayNames.Gnutella, 5, "peer-2"));
        Assert.Equal(["peer-1#0", "peer-2#0"], await SampleAsync(OverlayNames.Chord, 5, "peer-3#0"));
        Assert.Single(await SampleAsync(OverlayNames.Gnutella, 1));
    }

    [Fact]
    public async Task With_BOOT_silent_the_view_answers_when_patience_ends()
    {
        _boot.IsSilent = true;
        var sample = SampleAsync(OverlayNames.Gnutella, 5);
        Assert.False(sample.IsCompleted);

        _time.Advance(ViewFallbackTransport.Patience);

        Assert.Equal(3, (await sample).Count);
    }

    [Fact]
    public async Task Of_an_overlay_that_not_every_peer_is_in_the_view_says_nothing() =>
        await Assert.ThrowsAsync<NodeUnreachableException>(() => SampleAsync(OverlayNames.KazaaLeaders, 5));

    [Fact]
    public async Task Before_the_node_runs_the_failure_is_BOOTs()
    {
        await _membership!.DisposeAsync();
        _membership = null;

        await Assert.ThrowsAsync<NodeUnreachableException>(() => SampleAsync(OverlayNames.Gnutella, 5));
    }

    private async Task<IReadOnlyList<string>> SampleAsync(string overlay, int count, params string[] exclude)
    {
        var message = new Outgoing(new NodeRef("peer-0"), Bootstrap, new SampleRequest(overlay, count, exclude), default, default);
        var reply = (SampleReply)await _transport.SendAsync(message, Limit);
        return [.. reply.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal)];
    }

    private sealed class Answers : INodeTransport
    {
        public IMessage? Reply { get; set; }

        public bool IsSilent { get; set; }

        public async Task<IMessage> SendAsync(Outgoing message, CancellationToken cancellationToken)
        {
            if (IsSilent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return Reply ?? throw new NodeUnreachableException("BOOT is down.");
        }
    }
}
