using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Services.Tests.Boot;

[Collection(RedisTests.Name)]
public sealed class MembershipTests(RedisFixture redis) : IAsyncLifetime
{
    private const string Overlay = OverlayNames.Gnutella;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private RedisMembership _membership = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.ClearAsync();
        _membership = await ReplicaAsync(TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Concurrent_first_joins_through_two_replicas_make_one_creator()
    {
        RedisMembership[] replicas = [_membership, await ReplicaAsync(TimeSpan.FromSeconds(30))];
        for (var round = 0; round < 20; round++)
        {
            var overlay = $"overlay-{round}";
            var joins = Enumerable.Range(0, 32).Select(peer => RegisterAsync(replicas[peer % 2], peer, joined: false, overlay));

            var replies = await Task.WhenAll(joins);

            Assert.Single(replies, reply => reply.Creator);
        }
    }

    [Fact]
    public async Task The_creator_is_told_so_again_and_nobody_else_is()
    {
        Assert.True((await RegisterAsync(_membership, 0, joined: false)).Creator);
        Assert.False((await RegisterAsync(_membership, 1, joined: false)).Creator);
        Assert.True((await RegisterAsync(_membership, 0, joined: false)).Creator);
    }

    [Fact]
    public async Task With_the_creator_dead_another_node_creates_the_overlay()
    {
        var impatient = await ReplicaAsync(Short);
        Assert.True((await RegisterAsync(impatient, 0, joined: false)).Creator);

        await Eventually.BecomesTrueAsync(
            async () => (await RegisterAsync(_membership, 1, joined: false)).Creator, "another creator");
    }

    [Fact]
    public async Task An_entry_is_never_returned_after_its_lease()
    {
        var impatient = await ReplicaAsync(Short);
        await RegisterAsync(_membership, 0, joined: true);
        var lease = await RegisterAsync(impatient, 1, joined: true);
        Assert.Equal(2, (await SampleAsync(9)).Count);

        await Eventually.BecomesTrueAsync(async () => (await SampleAsync(9)).Count == 1, "the lease ends");

        Assert.Equal(["peer-0"], (await SampleAsync(9)).Select(node => node.Name));
        var members = await _membership.MembersAsync(new MembersRequest(Overlay), Limit);
        Assert.Equal(["peer-0"], members.Members.Select(member => member.Node.Name));
        Assert.Equal(new RenewReply(true, 0), await _membership.RenewAsync(new RenewRequest(lease.LeaseId!), Limit));
        Assert.Equal(["peer-0"], (await RegisterAsync(_membership, 2, joined: true)).Contacts.Select(node => node.Name));
    }

    [Fact]
    public async Task Renewing_extends_a_lease_by_its_full_length()
    {
        var impatient = await ReplicaAsync(Short);
        var lease = await RegisterAsync(impatient, 0, joined: true);

        Assert.Equal(new RenewReply(false, 30_000), await _membership.RenewAsync(new RenewRequest(lease.LeaseId!), Limit));

        await RegisterAsync(impatient, 1, joined: true);
        await Eventually.BecomesTrueAsync(async () => (await SampleAsync(9)).Count == 1, "the other lease ends");
        Assert.Equal(["peer-0"], (await SampleAsync(9)).Select(node => node.Name));
    }

    [Fact]
    public async Task An_older_incarnation_cannot_replace_a_newer_one()
    {
        await _membership.RegisterAsync(new RegisterRequest(Overlay, Node(0), 5, true), Limit);

        var late = await _membership.RegisterAsync(new RegisterRequest(Overlay, Node(0), 4, false), Limit);

        Assert.Null(late.LeaseId);
        Assert.Single(await SampleAsync(9));
    }

    [Fact]
    public async Task Incarnations_of_all_64_bits_are_told_apart()
    {
        const long Large = 638_000_000_000_000_000;
        await _membership.RegisterAsync(new RegisterRequest(Overlay, Node(0), Large + 1, true), Limit);

        Assert.Null((await _membership.RegisterAsync(new RegisterRequest(Overlay, Node(0), Large, true), Limit)).LeaseId);
        Assert.True((await _membership.RenewAsync(new RenewRequest($"{Overlay}|peer-0|{Large}"), Limit)).Gone);
        Assert.False((await _membership.RenewAsync(new RenewRequest($"{Overlay}|peer-0|{Large + 1}"), Limit)).Gone);
    }

    [Fact]
    public async Task A_large_overlay_is_sampled_and_listed_whole()
    {
        const int Size = 3000;
        await Bounded.AllAsync(Size, peer => RegisterAsync(_membership, peer, joined: true));

        Assert.Equal(1000, (await SampleAsync(5000)).Distinct().Count());
        Assert.Equal(Size, (await _membership.MembersAsync(new MembersRequest(Overlay), Limit)).Members.Count);
    }

    [Fact]
    public async Task A_sample_is_uniform()
    {
        const int Members = 20, Size = 5, Rounds = 4000;
        const double CriticalAt19Degrees = 43.82; // chi-squared, alpha = 0.001
        await Task.WhenAll(Enumerable.Range(0, Members + 2).Select(peer => RegisterAsync(_membership, peer, joined: true)));
        var request = new SampleRequest(Overlay, Size, ["peer-3", "peer-11", "peer-77"]);

        var samples = await Bounded.AllAsync(Rounds, _ => _membership.SampleAsync(request, Limit));

        var counts = samples.SelectMany(sample => sample.Nodes).CountBy(node => node.Name).ToDictionary();
        const double Expected = (double)Rounds * Size / Members;
        var statistic = counts.Values.Sum(count => Math.Pow(count - Expected, 2) / Expected) * (Members - 1) / (Members - Size);
        Assert.Equal(Members, counts.Count);
        Assert.DoesNotContain("peer-3", counts.Keys);
        Assert.True(statistic < CriticalAt19Degrees, $"chi-squared is {statistic}");
    }

    [Fact]
    public async Task With_all_nodes_gone_nothing_stays_in_Redis()
    {
        var impatient = await ReplicaAsync(Short);
        await RegisterAsync(impatient, 0, joined: false);
        await RegisterAsync(impatient, 1, joined: true);

        await Eventually.BecomesTrueAsync(
            async () => (await redis.KeysAsync()).Count == 0, "no key is left");
    }

    private static NodeRef Node(int peer) => new(AppIds.Peer(peer), null, $"http://127.0.0.1:{peer + 1}");

    private static Task<RegisterReply> RegisterAsync(RedisMembership membership, int peer, bool joined, string overlay = Overlay) =>
        membership.RegisterAsync(new RegisterRequest(overlay, Node(peer), 1, joined), Limit);

    private async Task<IReadOnlyList<NodeRef>> SampleAsync(int count) =>
        (await _membership.SampleAsync(new SampleRequest(Overlay, count, []), Limit)).Nodes;

    private async Task<RedisMembership> ReplicaAsync(TimeSpan lease) =>
        new(await redis.ConnectAsync(), new SplitMix64(7), Options.Create(new BootstrapOptions { Lease = lease }));
}
