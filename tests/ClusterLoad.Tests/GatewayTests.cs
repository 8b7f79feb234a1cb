using System.Net;
using System.Net.Sockets;

namespace P2PCloud.ClusterLoad.Tests;

public sealed class GatewayTests
{
    [Fact]
    public async Task When_a_gateway_cannot_be_reached_the_next_one_takes_over()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(Closed(), gateway.Address) with { OperationsMax = 5 });
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(1));

        var history = await recording.EndAsync();

        Assert.All(
            history.Operations,
            operation => Assert.Equal((Outcome.Ok, gateway.Address.Authority), (operation.Outcome, operation.Result!.Gateway)));
    }

    [Fact]
    public async Task Gateways_take_turns()
    {
        await using var first = await FakeGateway.StartAsync();
        await using var second = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(first.Address, second.Address) with { OperationsMax = 5 });
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(1));

        var history = await recording.EndAsync();

        var load = history.Operations.Where(operation => operation.Subject.Phase is Phase.Load).Select(operation => operation.Result!.Gateway);
        Assert.InRange(load.Count(gateway => gateway == first.Address.Authority), 2, 3);
    }

    [Fact]
    public async Task While_a_gateway_hangs_operations_at_the_other_go_on()
    {
        await using var first = await FakeGateway.StartAsync();
        await using var second = await FakeGateway.StartAsync();
        var options = Recording.Reads(first.Address, second.Address) with { OperationsMax = 40, Deadline = TimeSpan.FromSeconds(1) };
        await using var recording = await Recording.StartAsync(options);
        first.Instead = FakeGateway.HangAsync;
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(5));

        var history = await recording.EndAsync();

        var load = history.Operations.Where(operation => operation.Subject.Phase is Phase.Load).ToList();
        Assert.Contains(load, operation => operation.Outcome is Outcome.Deadline);
        Assert.Contains(load, operation => operation.Outcome is Outcome.Ok && operation.Result!.Gateway == second.Address.Authority);
        Assert.DoesNotContain(load, operation => operation.Outcome is Outcome.Ok && operation.Result!.Gateway == first.Address.Authority);
    }

    [Fact]
    public async Task Keys_are_read_and_written_through_one_peer_beside_the_load()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(gateway.Address) with { OperationsMax = 1 });

        var probe = recording.Load.ProbeAsync("peer-4", recording.Load.Keys, rate: 10, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await recording.PassUntilAsync(() => probe.IsCompleted);
        await probe;
        var history = await recording.EndAsync();

        var probes = history.Operations.Where(operation => operation.Subject.Phase is Phase.Probe).ToList();
        Assert.InRange(probes.Count, 9, 11);
        Assert.All(probes, operation => Assert.Equal((Outcome.Ok, "peer-4"), (operation.Outcome, operation.Subject.Peer)));
        Assert.Equal(
            [OperationKind.Put, OperationKind.Get], probes.Select(operation => operation.Subject.Kind).Distinct().Order());
        Assert.Contains("from=peer-4", gateway.Queries.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_gateway_can_be_reached_nothing_was_sent()
    {
        var gateway = await FakeGateway.StartAsync();
        var writes = Recording.Reads(gateway.Address, Closed()) with { GetRate = 0, PutRate = 10, OperationsMax = 3 };
        await using var recording = await Recording.StartAsync(writes);
        await gateway.DisposeAsync();
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(1));

        var history = await recording.EndAsync();

        Assert.All(
            history.Operations.Where(operation => operation.Subject.Phase is Phase.Load),
            operation => Assert.Equal(Outcome.Unreachable, operation.Outcome));
    }

    /// <summary>An address at which nobody listens.</summary>
    private static Uri Closed()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
    }
}
