using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Napster;

namespace P2PCloud.Services.Tests.Http;

/// <summary>Two replicas of a service, each with its own connection, on one Redis.</summary>
[Collection(RedisTests.Name)]
public sealed class ReplicaTests(RedisFixture redis) : IAsyncLifetime
{
    private static readonly SharedFile Song = new(new string('a', 64), "Hey Jude.mp3", 5);

    private readonly List<ServiceHost> _hosts = [];

    public async ValueTask InitializeAsync() => await redis.ClearAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Concurrent_first_joins_through_two_bootstrap_services_make_exactly_one_creator_of_each_overlay()
    {
        var replicas = await TwoAsync(AppIds.Bootstrap);
        foreach (var overlay in OverlayNames.All)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(peer => replicas[peer % 2].AskAsync(
                new RegisterRequest(overlay, new NodeRef(AppIds.Peer(peer)), 1, false))));

            Assert.Single(replies, reply => reply.Creator);
        }
    }

    [Fact]
    public async Task A_lease_of_one_bootstrap_service_is_renewed_sampled_and_ended_at_the_other()
    {
        var replicas = await TwoAsync(AppIds.Bootstrap);
        var lease = await replicas[0].AskAsync(new RegisterRequest(OverlayNames.Gnutella, new NodeRef("peer-0"), 1, true));

        Assert.False((await replicas[1].AskAsync(new RenewRequest(lease.LeaseId!))).Gone);
        Assert.Single((await replicas[1].AskAsync(new SampleRequest(OverlayNames.Gnutella, 8, []))).Nodes);
        await replicas[1].AskAsync(new LeaveRequest(lease.LeaseId!));
        Assert.True((await replicas[0].AskAsync(new RenewRequest(lease.LeaseId!))).Gone);
    }

    [Fact]
    public async Task With_one_bootstrap_service_gone_the_other_knows_its_members()
    {
        var replicas = await TwoAsync(AppIds.Bootstrap);
        await replicas[0].AskAsync(new RegisterRequest(OverlayNames.Gnutella, new NodeRef("peer-0"), 1, true));

        await EndAsync(replicas[0]);

        var reply = await replicas[1].AskAsync(new RegisterRequest(OverlayNames.Gnutella, new NodeRef("peer-1"), 1, false));
        Assert.False(reply.Creator);
        Assert.Equal(["peer-0"], reply.Contacts.Select(node => node.Name));
    }

    [Fact]
    public async Task What_is_shared_at_one_directory_is_found_at_the_other_under_all_its_sources()
    {
        var replicas = await TwoAsync(AppIds.Directory);
        for (var peer = 0; peer < 2; peer++)
        {
            await replicas[peer].AskAsync(new LoginRequest(AppIds.Peer(peer), 1));
            await replicas[peer].AskAsync(new ShareRequest(AppIds.Peer(peer), 1, [Song]));
        }

        foreach (var replica in replicas)
        {
            Assert.Equal(["peer-0", "peer-1"], Peers(await replica.AskAsync(new SearchRequest("1", "jude", 100))));
            Assert.Equal(["peer-0", "peer-1"], Peers(await replica.AskAsync(new SourcesRequest(Song.ContentId))));
        }
    }

    [Fact]
    public async Task With_one_directory_gone_its_sessions_go_on_at_the_other()
    {
        var replicas = await TwoAsync(AppIds.Directory);
        await replicas[0].AskAsync(new LoginRequest("peer-0", 1));
        await replicas[0].AskAsync(new ShareRequest("peer-0", 1, [Song]));

        await EndAsync(replicas[0]);

        Assert.False((await replicas[1].AskAsync(new KeepAliveRequest("peer-0", 1))).Gone);
        Assert.Equal(["peer-0"], Peers(await replicas[1].AskAsync(new SearchRequest("1", "jude", 100))));
        await replicas[1].AskAsync(new LogoutRequest("peer-0", 1));
        Assert.Empty((await replicas[1].AskAsync(new SourcesRequest(Song.ContentId))).Postings);
    }

    private static IEnumerable<string> Peers(PostingsReply reply) => reply.Postings.Select(posting => posting.Peer);

    private async Task<IReadOnlyList<ServiceHost>> TwoAsync(string name)
    {
        for (var i = 0; i < 2; i++)
        {
            _hosts.Add(name == AppIds.Bootstrap
                ? await ServiceHost.StartAsync(name, BootstrapService.Add, BootstrapService.Map, redis.Address)
                : await ServiceHost.StartAsync(name, DirectoryService.Add, DirectoryService.Map, redis.Address));
        }

        return [.. _hosts];
    }

    private async Task EndAsync(ServiceHost host)
    {
        _hosts.Remove(host);
        await host.DisposeAsync();
    }
}
