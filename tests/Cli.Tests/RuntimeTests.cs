using System.Text.Json;

namespace P2PCloud.Cli.Tests;

public sealed class RuntimeTests
{
    [Fact]
    public async Task The_command_collects_garbage_on_all_cores()
    {
        await using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "p2pcloud.runtimeconfig.json"));
        using var settings = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.GC.Server").GetBoolean());
    }
}
