using P2PCloud.Sidecar.Host;

namespace P2PCloud.Sidecar.Tests;

public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_becomes_the_address_that_it_has_now()
    {
        var settings = Settings();

        Assert.Equal("http://127.0.0.1:50002", await settings.Resolve(new AppName("localhost", settings.Namespace), Token));
    }

    [Theory]
    [InlineData("nobody.invalid", "default")]
    [InlineData("localhost", "other")]
    public async Task A_name_that_is_not_known_has_no_address(string app, string space) =>
        Assert.Null(await Settings().Resolve(new AppName(app, space), Token));

    private static SidecarSettings Settings()
    {
        var settings = HostSettings.From(name => name == HostSettings.AppId ? "peer-3" : null, out var error);
        Assert.Null(error);
        return settings!;
    }
}
