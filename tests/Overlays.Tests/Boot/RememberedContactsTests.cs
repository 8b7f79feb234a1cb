using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Boot;

/// <summary>Nodes that know members of an overlay from before, with BOOT down.</summary>
public class RememberedContactsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly Cloud _cloud = new(seed: 5);
    private readonly Dictionary<(string Node, string Overlay), IReadOnlyList<NodeRef>> _memory = [];

    public RememberedContactsTests() => _cloud.Network.Observing = (node, effect) =>
    {
        if (effect is Effect.Remember remember)
        {
            _memory[(node.Name, remember.Overlay)] = remember.Nodes;
        }
    };

    [Fact]
    public void A_servent_that_was_killed_joins_again_through_members_that_it_remembers()
    {
        StartServents(8);
        StopBoot();
        _cloud.Network.Kill("peer-3");

        _cloud.Add(random => new GnutellaServent(Cloud.Peer(3), random, Remembering("peer-3", OverlayNames.Gnutella), new GnutellaParameters()));

        Assert.True(Becomes(() => ServentPending("peer-3") is null));
        Assert.NotEmpty(_cloud.Network.Ask("peer-3", new GnutellaStatusCommand()).Links);
    }

    [Fact]
    public void A_servent_joins_again_after_BOOT_has_come_back_and_is_named_by_it()
    {
        StartServents(8);
        StopBoot();
        _cloud.Network.Kill("peer-3");
        _cloud.Add(random => new GnutellaServent(Cloud.Peer(3), random, Remembering("peer-3", OverlayNames.Gnutella), new GnutellaParameters()));
        Assert.True(Becomes(() => ServentPending("peer-3") is null));

        _cloud.RestartBoot();

        var asker = _cloud.Add(random => new MembersAsker(random));
        Assert.True(Becomes(() => Members(asker).Contains("peer-3")));
    }

    [Fact]
    public void A_node_whose_remembered_members_are_all_dead_waits_and_creates_nothing()
    {
        StartServents(4);
        StopBoot();
        for (var i = 0; i < 4; i++)
        {
            _cloud.Network.Kill($"peer-{i}");
        }

        _cloud.Add(random => new GnutellaServent(Cloud.Peer(3), random, Remembering("peer-3", OverlayNames.Gnutella), new GnutellaParameters()));
        _cloud.Network.Run(TimeSpan.FromMinutes(5));

        Assert.NotNull(ServentPending("peer-3"));
    }

    [Fact]
    public void Two_nodes_that_remember_each_other_and_are_no_members_do_not_make_an_overlay()
    {
        StopBoot();
        for (var i = 0; i < 2; i++)
        {
            var boot = Cloud.Boot() with
            {
                Contacts = new Dictionary<string, IReadOnlyList<NodeRef>> { [OverlayNames.Gnutella] = [Cloud.Peer(0), Cloud.Peer(1)] },
            };
            var self = Cloud.Peer(i);
            _cloud.Add(random => new GnutellaServent(self, random, boot, new GnutellaParameters()));
        }

        _cloud.Network.Run(TimeSpan.FromMinutes(5));

        Assert.NotNull(ServentPending("peer-0"));
        Assert.NotNull(ServentPending("peer-1"));
    }

    [Fact]
    public void A_node_that_remembers_nobody_joins_when_BOOT_comes_back()
    {
        StartServents(4);
        StopBoot();
        _cloud.Add(random => new GnutellaServent(Cloud.Peer(9), random, Cloud.Boot(), new GnutellaParameters()));
        _cloud.Network.Run(TimeSpan.FromMinutes(1));
        Assert.NotNull(ServentPending("peer-9"));

        _cloud.RestartBoot();

        Assert.True(Becomes(() => ServentPending("peer-9") is null));
    }

    [Fact]
    public void A_Chord_node_that_was_killed_joins_again_through_members_that_it_remembers()
    {
        for (var i = 0; i < 6; i++)
        {
            AddChord(i, Cloud.Boot());
        }

        Assert.True(Becomes(() => Enumerable.Range(0, 6).All(HasJoined)));
        _cloud.Network.Run(TimeSpan.FromMinutes(2));
        StopBoot();
        _cloud.Network.Kill("peer-2#0");
        _cloud.Network.Run(TimeSpan.FromSeconds(10));

        AddChord(2, Remembering("peer-2#0", OverlayNames.Chord));

        Assert.True(Becomes(() => HasJoined(2)));
    }

    [Fact]
    public void A_leader_and_a_child_that_were_killed_find_the_leaders_that_they_remember()
    {
        for (var i = 0; i < 4; i++)
        {
            AddLeader(i, Cloud.Boot());
            AddChild(i, Cloud.Boot());
        }

        Assert.True(Becomes(() => Enumerable.Range(0, 4).All(number => LeaderPending(number) is null && ChildPending(number) is null)));
        _cloud.Network.Run(TimeSpan.FromSeconds(30));
        StopBoot();
        _cloud.Network.Kill("supernode-1");
        _cloud.Network.Kill("peer-1");

        AddLeader(1, Remembering("supernode-1", OverlayNames.KazaaLeaders));
        AddChild(1, Remembering("peer-1", OverlayNames.KazaaLeaders));

        Assert.True(Becomes(() => LeaderPending(1) is null && ChildPending(1) is null));
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_the_newest_comes_first()
    {
        var list = new ContactList(max: 3);

        list.Remember([Cloud.Peer(0), Cloud.Peer(1)]);
        list.Remember([Cloud.Peer(2), Cloud.Peer(1) with { Endpoint = "http://new" }, Cloud.Peer(2), Cloud.Peer(3)]);

        Assert.Equal(["peer-2", "peer-1", "peer-3"], list.Nodes.Select(node => node.Name));
        Assert.Equal("http://new", list.Nodes[1].Endpoint);
    }

    private void StopBoot() => _cloud.Network.Kill(AppIds.Bootstrap);

    private bool Becomes(Func<bool> condition)
    {
        for (var end = _cloud.Network.Now + Soon; _cloud.Network.Now < end; _cloud.Network.Run(TimeSpan.FromSeconds(0.25)))
        {
            if (condition())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the node of that name was told to remember, as its next start finds it.</summary>
    private BootParameters Remembering(string name, string overlay) => Cloud.Boot(incarnation: 2) with
    {
        Contacts = new Dictionary<string, IReadOnlyList<NodeRef>> { [overlay] = _memory[(name, overlay)] },
    };

    private void StartServents(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var self = Cloud.Peer(i);
            _cloud.Add(random => new GnutellaServent(self, random, Cloud.Boot(), new GnutellaParameters()));
        }

        Assert.True(Becomes(() => Enumerable.Range(0, count).All(number => ServentPending($"peer-{number}") is null)));
        _cloud.Network.Run(TimeSpan.FromMinutes(1));
    }

    private void AddChord(int number, BootParameters boot) =>
        _cloud.Add(random => new ChordNode(new NodeRef(AppIds.Peer(number), 0), random, boot, new ChordParameters(), []));

    private void AddLeader(int number, BootParameters boot) =>
        _cloud.Add(random => new KazaaLeader(new NodeRef(AppIds.Supernode(number)), random, boot, new KazaaParameters()));

    private void AddChild(int number, BootParameters boot) =>
        _cloud.Add(random => new KazaaChild(Cloud.Peer(number), random, boot, new KazaaParameters()));

    private string? ServentPending(string name) => _cloud.Network.Ask(name, new GnutellaStatusCommand()).Pending;

    private string? LeaderPending(int number) => _cloud.Network.Ask(AppIds.Supernode(number), new KazaaLeaderStatusCommand()).Pending;

    private string? ChildPending(int number) => _cloud.Network.Ask(AppIds.Peer(number), new KazaaChildStatusCommand()).Pending;

    private bool HasJoined(int number) => _cloud.Network.Ask($"peer-{number}#0", new ChordStatusCommand()).State.Joined;

    private IReadOnlyList<string> Members(MembersAsker asker) => _cloud.Network.Ask(asker.Self.Name, new MembersAsker.AskCommand()).Names;
}
