using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Boot;
using P2PCloud.Contracts.Napster;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Gateway.Tests.Fakes;

/// <summary>A gateway with fakes for everything behind it.</summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private readonly List<IAsyncDisposable> _owned = [];
    private WebApplication? _gateway;

    /// <summary>What BOOT lists in the overlay of all peers.</summary>
    public ImmutableList<Member> Peers { get; set; } = [];

    /// <summary>What BOOT lists in the overlay of the leaders.</summary>
    public ImmutableList<Member> Leaders { get; set; } = [];

    public bool BootstrapAnswers { get; set; } = true;

    public bool DirectoryAnswers { get; set; } = true;

    /// <summary>What the directory knows.</summary>
    public ImmutableList<Posting> Postings { get; set; } = [];

    public HttpClient Client { get; private set; } = new();

    /// <summary>A cloud of peer-0, peer-1, and so on.</summary>
    public static async Task<(FakeCloud Cloud, FakePeer[] Peers)> StartAsync(int peers = 2, params (string Key, string Value)[] settings)
    {
        var cloud = new FakeCloud();
        var started = new List<FakePeer>();
        for (var number = 0; number < peers; number++)
        {
            started.Add(await cloud.AddPeerAsync($"peer-{number}"));
        }

        await cloud.StartGatewayAsync(settings);
        return (cloud, [.. started]);
    }

    public async Task<FakePeer> AddPeerAsync(string app, bool joined = true)
    {
        var peer = await new FakePeer(app).StartAsync();
        _owned.Add(peer);
        Peers = Peers.Add(new Member(peer.Ref, joined));
        return peer;
    }

    /// <summary>Lists a peer that refuses connections.</summary>
    public async Task AddDeadPeerAsync(string app) => AddPeer(app, await FakeHost.RefusedAddressAsync());

    /// <summary>Lists a peer that is somewhere else.</summary>
    public void AddPeer(string app, string address) => Peers = Peers.Add(new Member(new NodeRef(app, null, address), true));

    public async Task AddLeaderAsync(string app, bool ready = true)
    {
        var host = await FakeHost.StartAsync(routes =>
            routes.MapGet("/state", () => new LeaderState(app, null, ready, ["peer-0"], ["supernode-9"], 3)));
        _owned.Add(host);
        Leaders = Leaders.Add(new Member(new NodeRef(app, null, host.Address), true));
    }

    /// <summary>Ends when BOOT has been asked twice from now on: then the answer to the first question is in use.</summary>
    public async Task MembersRefreshedAsync(CancellationToken cancellationToken)
    {
        while (_asked.Reader.TryRead(out _))
        {
        }

        await _asked.Reader.ReadAsync(cancellationToken);
        await _asked.Reader.ReadAsync(cancellationToken);
    }

    public async Task StartGatewayAsync(params (string Key, string Value)[] settings)
    {
        var bootstrap = await FakeHost.StartAsync(routes =>
            routes.MapWire<MembersRequest, MembersReply>((request, _, _) => Members(request)));
        var directory = await FakeHost.StartAsync(MapDirectory);
        _owned.AddRange([bootstrap, directory]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Invocation:Endpoints:bootstrap"] = bootstrap.Address,
            ["Invocation:Endpoints:directory"] = directory.Address,
            ["Gateway:MembershipMissRefresh"] = "00:00:00",
            ["Gateway:TopologyAge"] = "00:00:00",
            ["Gateway:ReadyAge"] = "00:00:00",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        GatewayService.Add(builder);
        _gateway = builder.Build();
        GatewayService.Map(_gateway);
        await _gateway.StartAsync();
        Client.BaseAddress = new Uri(_gateway.Urls.First());
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> DeleteAsync(string path) => Client.DeleteAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PutAsync(string path, HttpContent content) =>
        Client.PutAsync(path, content, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    private Task<MembersReply> Members(MembersRequest request)
    {
        if (!BootstrapAnswers)
        {
            throw new NodeUnreachableException("BOOT is down.");
        }

        if (request.Overlay is not OverlayNames.Peers)
        {
            return Task.FromResult(new MembersReply(Leaders));
        }

        var reply = new MembersReply(Peers);
        _asked.Writer.TryWrite(true);
        return Task.FromResult(reply);
    }

    private void MapDirectory(WebApplication routes)
    {
        routes.MapWire<ListRequest, ListReply>((request, _, _) => Answer(() =>
        {
            var groups = Postings.Where(posting => string.CompareOrdinal(posting.ContentId, request.After) > 0)
                .GroupBy(posting => posting.ContentId).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
            var page = groups.Take(request.Limit).ToList();
            return new ListReply([.. page.SelectMany(group => group)], groups.Count > page.Count ? page[^1].Key : null);
        }));
        routes.MapWire<SourcesRequest, PostingsReply>((request, _, _) =>
            Answer(() => new PostingsReply([.. Postings.Where(posting => posting.ContentId == request.ContentId)])));
    }

    private Task<T> Answer<T>(Func<T> answer) =>
        DirectoryAnswers ? Task.FromResult(answer()) : throw new NodeUnreachableException("The directory is down.");
}
