using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;

namespace P2PCloud.Images.Tests;

/// <summary>The images at work, under what a restricted pod allows: no root, no capability, no writable root file system.</summary>
public sealed class ContainerTests(Engine engine) : IClassFixture<Engine>
{
    private const int Port = 8080;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => Engine.Services;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_lives_on_a_read_only_file_system_and_ends_by_itself_when_told_to(string service)
    {
        _ = engine.Client;
        await using var container = Restricted(service)
            .WithEnvironment("Node__App", $"{service}-0")
            .WithEnvironment("Redis__Configuration", "127.0.0.1:1")
            .WithPortBinding(Port, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(Port).ForPath("/healthz/live")))
            .Build();
        await container.StartAsync(Token);

        await engine.Client.Containers.StopContainerAsync(container.Id, new ContainerStopParameters { WaitBeforeKillSeconds = 60 }, Token);

        Assert.Equal(0, await container.GetExitCodeAsync(Token));
    }

    [Fact]
    public async Task A_service_with_wrong_settings_ends_with_one_line_and_code_2()
    {
        _ = engine.Client;
        await using var container = Restricted("gateway")
            .WithEnvironment("Gateway__LookupTimeout", "00:00:00")
            .WithEnvironment("Gateway__StateConcurrency", "0")
            .WithWaitStrategy(Wait.ForUnixContainer())
            .Build();
        await container.StartAsync(Token);

        Assert.Equal(2, await container.GetExitCodeAsync(Token));
        var (_, errors) = await container.GetLogsAsync(timestampsEnabled: false, ct: Token);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("LookupTimeout", line, StringComparison.Ordinal);
        Assert.Contains("StateConcurrency", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_runs_from_its_image()
    {
        _ = engine.Client;
        await using var container = Restricted("cli").WithCommand("--version").WithWaitStrategy(Wait.ForUnixContainer()).Build();
        await container.StartAsync(Token);

        Assert.Equal(0, await container.GetExitCodeAsync(Token));
        Assert.StartsWith(Engine.Version, (await container.GetLogsAsync(timestampsEnabled: false, ct: Token)).Stdout, StringComparison.Ordinal);
    }

    private static ContainerBuilder Restricted(string service) => new ContainerBuilder(Engine.ImageOf(service))
        .WithImagePullPolicy(_ => false)
        .WithTmpfsMount("/tmp")
        .WithCreateParameterModifier(parameters =>
        {
            var host = parameters.HostConfig ??= new HostConfig();
            host.ReadonlyRootfs = true;
            host.CapDrop = ["ALL"];
            host.SecurityOpt = ["no-new-privileges"];
        });
}
