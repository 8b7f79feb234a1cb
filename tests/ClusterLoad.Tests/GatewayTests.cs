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
    public async Task The_first_gateway_is_used_while_it_answers()
    {
        await using var first = await FakeGateway.StartAsync();
        await using var second = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Recording.Reads(first.Address, second.Address) with { OperationsMax = 5 });
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(1));

        await recording.EndAsync();

        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_left_after_a_deadline()
    {
        await using var first = await FakeGateway.StartAsync();
        await using var second = await FakeGateway.StartAsync();
        var options = Recording.Reads(first.Address, second.Address) with { OperationsMax = 40, Deadline = TimeSpan.FromSeconds(1) };
        await using var recording = await Recording.StartAsync(options);
        first.Instead = FakeGateway.HangAsync;

        await recording.PassUntilAsync(() => !second.Requests.IsEmpty);

        var history = await recording.EndAsync();
        Assert.Contains(history.Operations, operation => operation.Outcome is Outcome.Deadline);
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
