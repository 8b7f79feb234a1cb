using Microsoft.AspNetCore.Http;

namespace P2PCloud.Cli.Tests;

public sealed class GatewayFailureTests
{
    [Theory]
    [InlineData("topology")]
    [InlineData("find hey")]
    [InlineData("find hey --technique chord --output json")]
    [InlineData("get 66a045b452102c59d840ec097d59d9467e13a3f34f6494e539ffd32c1bb35f18 -o x")]
    public async Task A_gateway_that_is_not_there_is_one_line_and_1(string args)
    {
        string address;
        await using (var gateway = await FakeGateway.StartAsync())
        {
            address = gateway.Address;
        }

        var outcome = await CommandLine.RunAsync([.. args.Split(' '), "--gateway", address]);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        var line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"p2pcloud: cannot reach the gateway at {address}: ", line, StringComparison.Ordinal);
        Assert.EndsWith("; is `p2pcloud up` running?", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest, ExitCodes.Usage, "Bad Request")]
    [InlineData(StatusCodes.Status404NotFound, ExitCodes.Failed, "Not Found")]
    [InlineData(StatusCodes.Status503ServiceUnavailable, ExitCodes.Failed, "Service Unavailable")]
    public async Task Problem_details_are_title_and_detail_in_one_line(int status, int exitCode, string title)
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = FakeGateway.Problem(status, "As the gateway\nsays.");

        var outcome = await CommandLine.RunAsync(gateway, "topology");

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Equal([$"p2pcloud: {title}: As the gateway?says."], outcome.ErrorLines);
    }

    [Fact]
    public async Task A_refusal_without_problem_details_is_its_status()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => Results.Text("<html>", "text/html", statusCode: 502).ExecuteAsync(http);

        var outcome = await CommandLine.RunAsync(gateway, "topology");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.Equal(["p2pcloud: the gateway answered 502 Bad Gateway"], outcome.ErrorLines);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Something_else_than_a_gateway_is_named_as_such(string body)
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => http.Response.WriteAsync(body, http.RequestAborted);

        var outcome = await CommandLine.RunAsync(gateway, "topology");

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith($"p2pcloud: {gateway.Address} does not answer as a gateway does: ", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interruption_exits_with_130()
    {
        await using var gateway = await FakeGateway.StartAsync();
        using var interrupt = new CancellationTokenSource();
        gateway.OnTopology = async http =>
        {
            await interrupt.CancelAsync();
            http.Abort();
        };

        var outcome = await CommandLine.RunUntilAsync(["topology", "--gateway", gateway.Address], console => console, interrupt.Token);

        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
    }

    [Fact]
    public async Task The_environment_names_the_gateway_unless_the_option_does()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, Samples.Topology());

        var byEnvironment = await CommandLine.RunAsync(["topology"], console => console with { Gateway = gateway.Address });
        var byOption = await CommandLine.RunAsync(["topology", "--gateway", gateway.Address], console => console with { Gateway = "http://127.0.0.1:1" });

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), (byEnvironment.ExitCode, byOption.ExitCode));
    }
}
