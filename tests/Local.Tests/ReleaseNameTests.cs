using P2PCloud.Sidecar;

namespace P2PCloud.Local.Tests;

public sealed class ReleaseNameTests
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_that_are_deployed_under_other_names_are_found_by_them()
    {
        await using var cloud = await SidecarCloud.StartAsync(new SidecarCloudOptions { Peers = 2, Release = "music-" }, Limit);

        Assert.Empty(await cloud.Cloud.PendingAsync(Limit));
    }
}
