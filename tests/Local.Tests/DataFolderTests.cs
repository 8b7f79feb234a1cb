using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace P2PCloud.Local.Tests;

public sealed class DataFolderTests : IDisposable
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_peer_has_a_database_of_its_own_in_the_folder()
    {
        var data = Path.Combine(_folder, "made", "by the cloud");
        await using var cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 2, Supernodes = 1, VirtualNodes = 1, Port = 0, DataFolder = data }, null, Limit);

        Assert.Equal(["peer-0.db", "peer-1.db"], Directory.EnumerateFiles(data, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cloud_whose_data_is_damaged_does_not_start_and_says_why()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "peer-0.db"), new string('x', 10_000), Limit);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 1, Supernodes = 1, VirtualNodes = 1, Port = 0, DataFolder = _folder }, null, Limit));

        Assert.Contains("peer-0.db", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_pipe_in_the_shared_folder_is_counted_and_keeps_nobody_waiting()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "hey jude.txt"), "na na na", Limit);
        using (var made = Process.Start("mkfifo", [Path.Combine(_folder, "pipe")]))
        {
            await made.WaitForExitAsync(Limit);
        }

        await using var cloud = await LocalCloud.StartAsync(
            new LocalCloudOptions { Peers = 1, Supernodes = 1, VirtualNodes = 1, Port = 0, ShareFolder = _folder }, null, Limit);
        await cloud.WaitUntilReadyAsync(Limit).WaitAsync(TimeSpan.FromSeconds(30), Limit);

        Assert.Equal((1, 1), (cloud.FilesShared, cloud.OthersSkipped));
    }
}
