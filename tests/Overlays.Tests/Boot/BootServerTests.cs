using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Boot;

public class BootServerTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly BootServer _server = new(new NodeRef(AppIds.Bootstrap), new SplitMix64(42), Lease);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private long _requests;

    [Fact]
    public void Register_before_anybody_joined_makes_exactly_one_creator()
    {
        var replies = Enumerable.Range(0, 20).Select(number => Register(number, joined: false)).ToList();

        Assert.Single(replies, reply => reply.Creator);
        Assert.All(replies, reply => Assert.Empty(reply.Contacts));
    }

    [Fact]
    public void Creator_that_asks_again_is_still_the_creator_and_nobody_else_is()
    {
        Assert.True(Register(0, joined: false).Creator);
        Assert.False(Register(1, joined: false).Creator);
        Assert.True(Register(0, joined: false).Creator);
    }

    [Fact]
    public void Creator_that_vanishes_before_it_joined_is_replaced_after_its_lease()
    {
        Register(0, joined: false);
        _now += Lease;

        Assert.True(Register(1, joined: false).Creator);
    }

    [Fact]
    public void Creator_is_chosen_for_each_overlay()
    {
        Assert.True(Register(0, joined: false).Creator);
        Assert.True(Register(0, joined: false, overlay: OverlayNames.Chord).Creator);
    }

    [Fact]
    public void Register_with_members_gives_contacts_and_no_creator()
    {
        Register(0, joined: true);
        Register(1, joined: false);

        var reply = Register(2, joined: false);

        Assert.False(reply.Creator);
        Assert.Equal("peer-0", Assert.Single(reply.Contacts).Name);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(10, 10)]
    [InlineData(50, 20)]
    public void Sample_has_the_smaller_of_what_is_asked_and_what_lives_and_never_the_excluded(int count, int expected)
    {
        for (var i = 0; i <= 20; i++)
        {
            Register(i, joined: true);
        }

        Register(99, joined: false);

        var nodes = Sample(count, "peer-7");

        Assert.Equal(expected, nodes.Distinct().Count());
        Assert.Equal(expected, nodes.Count);
        Assert.DoesNotContain(nodes, node => node.Name is "peer-7" or "peer-99");
    }

    [Fact]
    public void Of_nodes_that_are_missing_those_are_live_that_are_members_whose_leases_have_not_ended()
    {
        Register(0, joined: true);
        _now += Lease;
        Register(1, joined: true);
        Register(2, joined: false);

        var reply = Ask<SampleReply>(new SampleRequest(OverlayNames.Gnutella, 0, [], ["peer-0", "peer-1", "peer-2", "peer-3"]));

        Assert.Equal(["peer-1"], reply.Live!);
    }

    [Fact]
    public void Register_from_before_the_node_joined_that_comes_late_does_not_hide_it()
    {
        Register(0, joined: true);

        Assert.False(Register(0, joined: false).Creator);

        Assert.Single(Sample(10));
    }

    [Fact]
    public void Node_that_starts_again_is_hidden_until_it_has_joined_again()
    {
        Register(0, joined: true);

        Register(0, joined: false, incarnation: 2);

        Assert.Empty(Sample(10));
    }

    [Fact]
    public void Contacts_never_contain_the_caller()
    {
        Register(0, joined: true);

        Assert.Empty(Register(0, joined: true).Contacts);
    }

    [Fact]
    public void Entry_is_served_until_its_expiry_and_no_longer()
    {
        Register(0, joined: true);
        _now += Lease - TimeSpan.FromTicks(1);
        Assert.Single(Sample(10));
        _now += TimeSpan.FromTicks(1);
        Assert.Empty(Sample(10));
    }

    [Fact]
    public void Renewed_entry_lives_a_whole_lease_more()
    {
        var lease = Register(0, joined: true).LeaseId!;
        _now += Lease / 2;
        Assert.False(Ask<RenewReply>(new RenewRequest(lease)).Gone);
        _now += Lease - TimeSpan.FromTicks(1);
        Assert.Single(Sample(10));
    }

    [Fact]
    public void Renew_of_an_ended_lease_is_gone()
    {
        var lease = Register(0, joined: true).LeaseId!;
        _now += Lease;

        Assert.True(Ask<RenewReply>(new RenewRequest(lease)).Gone);
        Assert.True(Ask<RenewReply>(new RenewRequest("nonsense")).Gone);
    }

    [Fact]
    public void A_members_lease_is_gone_when_a_late_registration_from_before_its_joining_took_its_place()
    {
        Register(0, joined: false);
        Register(0, joined: true);
        _now += Lease;
        var late = Register(0, joined: false).LeaseId!;

        Assert.True(Ask<RenewReply>(new RenewRequest(late, Joined: true)).Gone);
        Assert.False(Ask<RenewReply>(new RenewRequest(late, Joined: false)).Gone);
    }

    [Fact]
    public void Left_entry_is_not_served()
    {
        var lease = Register(0, joined: true).LeaseId!;

        Ask<Ack>(new LeaveRequest(lease));

        Assert.Empty(Sample(10));
    }

    [Fact]
    public void Older_incarnation_neither_replaces_nor_renews_nor_ends_a_newer_one()
    {
        var old = Register(0, joined: true, incarnation: 1).LeaseId!;
        Register(0, joined: true, incarnation: 2);

        Assert.Null(Register(0, joined: true, incarnation: 1).LeaseId);
        Assert.True(Ask<RenewReply>(new RenewRequest(old)).Gone);
        Ask<Ack>(new LeaveRequest(old));
        Assert.Single(Sample(10));
    }

    [Fact]
    public void Report_removes_nothing()
    {
        Register(0, joined: true);

        Ask<Ack>(new ReportRequest(OverlayNames.Gnutella, "peer-0"));

        Assert.Single(Sample(10));
    }

    [Fact]
    public void Members_lists_all_live_entries_by_name()
    {
        Register(1, joined: false);
        Register(0, joined: true);

        var members = Ask<MembersReply>(new MembersRequest(OverlayNames.Gnutella)).Members;

        Assert.Equal([("peer-0", true), ("peer-1", false)], members.Select(member => (member.Node.Name, member.Joined)));
    }

    /// <summary>
    /// χ² with 19 degrees of freedom exceeds 43.8 with probability 0.001; drawing three at a time lowers it by (N - 3) / (N - 1), which is
    /// made up for.
    /// </summary>
    [Fact]
    public void Sample_is_uniform()
    {
        const int members = 20, samples = 4000, size = 3;
        for (var i = 0; i < members; i++)
        {
            Register(i, joined: true);
        }

        var counts = Enumerable.Range(0, samples).SelectMany(_ => Sample(size)).CountBy(node => node.Name).ToList();

        const double expected = (double)samples * size / members;
        Assert.Equal(members, counts.Count);
        var statistic = counts.Sum(count => Math.Pow(count.Value - expected, 2) / expected) * (members - 1) / (members - size);
        Assert.InRange(statistic, 0, 43.8);
    }

    private RegisterReply Register(int number, bool joined, long incarnation = 1, string overlay = OverlayNames.Gnutella) =>
        Ask<RegisterReply>(new RegisterRequest(overlay, new NodeRef(AppIds.Peer(number)), incarnation, joined));

    private IReadOnlyList<NodeRef> Sample(int count, params string[] exclude) =>
        Ask<SampleReply>(new SampleRequest(OverlayNames.Gnutella, count, exclude)).Nodes;

    private TReply Ask<TReply>(IMessage request)
        where TReply : IMessage
    {
        var effects = new List<Effect>();
        _server.Handle(new Input.Request(++_requests, new NodeRef("asker"), _now, request), _now, effects);
        return (TReply)((Effect.Respond)Assert.Single(effects)).Body;
    }
}
