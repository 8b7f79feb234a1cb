using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Gnutella;

public class ServentTests
{
    private static readonly NodeRef Peer = Cloud.Peer(0);

    [Fact]
    public void Search_on_the_formed_graph_finds_every_holder_and_costs_what_the_formula_says()
    {
        var cloud = ServentCloud.Joined(31, 32);
        cloud.Share("peer-5", "Hey Jude.mp3");
        cloud.Share("peer-20", "hey jude (live).mp3", "else");

        var result = cloud.Search("peer-0", "JUDE hey");

        var edges = cloud.Links().Sum(entry => entry.Value.Count) / 2;
        var steps = Depth(result.Hops, "peer-5") + Depth(result.Hops, "peer-20");
        Assert.Equal(["Hey Jude.mp3", "hey jude (live).mp3"], Sample.Names(result.Postings));
        Assert.Equal((2 * edges) - 32 + 1 + steps, result.Messages);
        Assert.Equal(31, Sample.Flatten(result.Hops).Count());
        Assert.Equal(SearchOutcome.Complete, result.Outcome);
    }

    [Fact]
    public void Search_before_the_servent_has_joined_fails()
    {
        var cloud = new ServentCloud(32);
        cloud.Network.Kill(AppIds.Bootstrap);
        cloud.AddMany(1, _ => TimeSpan.Zero);
        cloud.Network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(SearchOutcome.Failed, cloud.Search("peer-0", "song").Outcome);
    }

    [Fact]
    public void Unshared_file_is_not_found_under_any_of_its_names()
    {
        var cloud = ServentCloud.Joined(33, 4);
        SharedFile[] files = [new("c1", "song one", 3), new("c1", "song two", 3), new("c2", "song three", 4)];
        cloud.Network.Ask("peer-1", new ShareCommand(files));
        cloud.Network.Ask("peer-1", new UnshareCommand([files[0]]));

        Assert.Equal(["song three"], Sample.Names(cloud.Search("peer-0", "song").Postings));
    }

    [Fact]
    public void Search_after_a_neighbour_died_is_partial_and_the_next_one_complete()
    {
        var cloud = ServentCloud.Joined(34, 16);
        cloud.Kill(cloud.Status("peer-0").Links[0].Name);

        var first = cloud.Search("peer-0", "song");
        cloud.Network.Run(TimeSpan.FromSeconds(10));

        Assert.Equal(SearchOutcome.Partial, first.Outcome);
        Assert.Equal(SearchOutcome.Complete, cloud.Search("peer-0", "song").Outcome);
    }

    [Fact]
    public void Servent_that_leaves_tells_its_neighbours_and_answers_as_a_stranger()
    {
        var cloud = ServentCloud.Joined(35, 8);
        cloud.Share("peer-1", "song");

        Assert.True(cloud.Network.Ask("peer-1", new LeaveCommand()).Ok);

        Assert.All(cloud.Links(), entry => Assert.DoesNotContain("peer-1", entry.Value));
        Assert.Equal(SearchOutcome.Failed, cloud.Search("peer-1", "song").Outcome);
        Assert.Empty(cloud.Search("peer-0", "song").Postings);
        Assert.False(Say(cloud, Peer with { App = "peer-1" }, me => new ConnectRequest(me, 0)).Accepted);
    }

    [Fact]
    public void Full_servent_refuses_who_has_links_accepts_who_has_none_and_names_others()
    {
        var bounds = new NeighbourhoodParameters();
        var cloud = ServentCloud.Joined(36, 4);
        var accepted = 0;
        ConnectReply refused;
        while ((refused = Say(cloud, Peer, me => new ConnectRequest(me, 1))).Accepted)
        {
            accepted++;
        }

        Assert.Equal(bounds.DegreeMax - 3, accepted);
        Assert.NotEmpty(refused.Try);
        while (Say(cloud, Peer, me => new ConnectRequest(me, 0)).Accepted)
        {
            accepted++;
        }

        Assert.Equal(bounds.DegreeLimit - 3, accepted);
    }

    [Fact]
    public void Connect_in_the_name_of_another_node_is_refused()
    {
        var cloud = ServentCloud.Joined(37, 2);

        Assert.False(Say(cloud, Peer, _ => new ConnectRequest(Cloud.Peer(77), 0)).Accepted);
    }

    [Fact]
    public void Ping_tells_what_is_shared_and_that_a_stranger_has_no_link()
    {
        var cloud = ServentCloud.Joined(38, 2);
        cloud.Network.Ask("peer-0", new ShareCommand([Sample.File("a", 10), Sample.File("b", 5), Sample.File("b", 5)]));

        Assert.Equal(new PongReply(false, 2, 15), Say(cloud, Peer, _ => new PingRequest()));
    }

    [Fact]
    public void Link_that_the_other_end_does_not_know_is_dropped()
    {
        var cloud = ServentCloud.Joined(39, 1);
        var stranger = cloud.Network.Add(new Forgetful(new NodeRef("forgetful")));
        cloud.Network.Ask("forgetful", new Stranger.Say<ConnectReply>(Peer, new ConnectRequest(stranger.Self, 0)));
        Assert.Single(cloud.Status("peer-0").Links);

        cloud.Network.Run(TimeSpan.FromSeconds(10));

        Assert.Empty(cloud.Status("peer-0").Links);
    }

    private static int Depth(IReadOnlyList<Hop> hops, string name) =>
        hops.Select(hop => hop.To == name ? 1 : Depth(hop.Children ?? [], name) is var below && below > 0 ? below + 1 : 0).Sum();

    private static TReply Say<TReply>(ServentCloud cloud, NodeRef to, Func<NodeRef, IRequest<TReply>> request)
        where TReply : class, IMessage
    {
        var self = new NodeRef($"stranger-{cloud.Network.Names.Count()}");
        cloud.Network.Add(new Stranger(self));
        return cloud.Network.Ask(self.Name, new Stranger.Say<TReply>(to, request(self)));
    }

    private sealed class Forgetful(NodeRef self) : Engine(self, new SplitMix64(1))
    {
        protected override void OnStart()
        {
        }

        protected override void OnRequest(Input.Request request) =>
            Respond(request.RequestId, request.Body is PingRequest ? new PongReply(false, 0, 0) : Ack.Instance);

        protected override void OnCommand(long commandId, ICommand command)
        {
            var say = (Stranger.Say<ConnectReply>)command;
            Call(say.To, say.Request, TimeSpan.FromSeconds(1), reply => Complete(commandId, say, reply!));
        }
    }
}
