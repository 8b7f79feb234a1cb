using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Scenarios.Tests;

/// <summary>Rings of 6 bits, drawn by hand; r = 2.</summary>
public sealed class RingInvariantTests
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private readonly RingView _view = new(new RingSpace(6), 2);
    private readonly RingInvariants _invariants;

    public RingInvariantTests()
    {
        _invariants = new RingInvariants(_view, AnswerTime);
        Draw(5, 50, 15, 25);
        Draw(15, 5, 25, 35);
        Draw(25, 15, 35, 50);
        Draw(35, 25, 50, 5);
        Draw(50, 35, 5, 15);
        _invariants.Form(TimeSpan.Zero);
    }

    private IEnumerable<string> Broken => _invariants.Check(Later).Select(broken => broken.Rule.Split(':')[0]);

    [Fact]
    public void An_ideal_ring_breaks_no_rule()
    {
        Assert.Empty(Broken);
        Assert.Empty(IdealState.Differences(_view));
    }

    [Fact]
    public void A_member_that_just_joined_is_no_principal_and_breaks_no_rule()
    {
        Draw(20, 15, 25, 35);

        Assert.Empty(Broken);
        Assert.NotEmpty(IdealState.Differences(_view));
    }

    [Fact]
    public void A_list_that_skips_a_principal_is_told()
    {
        Draw(5, 50, 15, 35);

        Assert.Contains("a principal is skipped by a successor list", Broken);
    }

    [Fact]
    public void A_list_without_a_live_member_is_told()
    {
        _view.Remove(Id(15));
        _view.Remove(Id(25));

        Assert.Contains("OneLiveSuccessor", Broken);
    }

    [Fact]
    public void Too_few_principals_are_told()
    {
        foreach (var id in (ulong[])[5, 15, 25])
        {
            _view.Remove(Id(id));
        }

        Assert.Contains("SufficientPrincipals", Broken);
    }

    [Fact]
    public void Two_rings_are_told()
    {
        Draw(5, 25, 15, 25);
        Draw(15, 5, 25, 5);
        Draw(25, 15, 5, 15);
        Draw(35, 50, 50);
        Draw(50, 35, 35);

        Assert.Contains("AtMostOneRing", Broken);
    }

    [Fact]
    public void A_ring_that_goes_round_twice_is_told()
    {
        Draw(5, 50, 25, 50);
        Draw(25, 5, 50, 15);
        Draw(50, 25, 15, 35);
        Draw(15, 50, 35, 5);
        Draw(35, 15, 5, 25);

        Assert.Contains("OrderedRing", Broken);
    }

    [Theory]
    [InlineData(25, 15)]
    [InlineData(15, 15)]
    [InlineData(5, 15)]
    public void A_list_out_of_order_or_with_a_node_twice_is_told(ulong first, ulong second)
    {
        Draw(5, 50, first, second);

        Assert.Contains("successor list out of order or with a node twice", Broken);
    }

    [Fact]
    public void A_failure_is_legal_while_every_list_keeps_a_live_member_and_enough_principals_are_left()
    {
        Assert.Null(_invariants.WhyIllegal([Id(15)], Later));
        Assert.Contains("no live successor", _invariants.WhyIllegal([Id(15), Id(25)], Later), StringComparison.Ordinal);

        Draw(35, 25, 5, 15);
        Assert.Contains("it leaves 2 principals", _invariants.WhyIllegal([Id(15), Id(35)], Later), StringComparison.Ordinal);
    }

    [Fact]
    public void Fingers_must_be_live_and_the_successors_of_their_starts()
    {
        List<ulong> right = [15, 25, 50];
        Draw(5, 50, [15, 25], right);
        Assert.DoesNotContain(IdealState.WrongFingers(_view, 2), wrong => wrong.Node == "peer-5#0");

        Draw(5, 50, [15, 25], [15, 25, 35, 50]);
        Assert.Contains(("peer-5#0", "finger peer-35#0 is the successor of no start"), IdealState.WrongFingers(_view, 2));

        Draw(5, 50, [15, 25], [15, 25, 40]);
        Assert.Contains(("peer-5#0", "finger peer-40#0 is dead"), IdealState.WrongFingers(_view, 2));
        Assert.Contains(("peer-5#0", "no finger to peer-50#0"), IdealState.WrongFingers(_view, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_latest_version_of_a_key_must_be_at_its_owner_and_the_next_members(bool deleted)
    {
        var older = new KeyRecord(Id(12), "k", new KeyVersion(1, "peer-5#0"), [1]);
        var latest = new KeyRecord(Id(12), "k", new KeyVersion(2, "peer-5#0"), deleted ? null : [2]);
        IEnumerable<(string? Node, string Rule)> Misplaced(params ulong[] holders) => IdealState.MisplacedCopies(
            _view, 2, _view.Members.ToDictionary(member => member.Self.Id, member => new List<KeyRecord>
            {
                holders.Any(holder => Id(holder) == member.Self.Id) ? latest : older,
            }));

        Assert.Empty(Misplaced(15, 25));
        Assert.Equal(["peer-25#0"], Misplaced(15).Select(misplaced => misplaced.Node));
        Assert.Equal(["peer-15#0", "peer-25#0"], Misplaced(35).Select(misplaced => misplaced.Node));
    }

    private static NodeId Id(ulong id) => new(id);

    private static ChordContact Contact(ulong id) => new(Id(id), new NodeRef($"peer-{id}", 0));

    private void Draw(ulong self, ulong predecessor, params ulong[] successors) => Draw(self, predecessor, successors, []);

    private void Draw(ulong self, ulong predecessor, IEnumerable<ulong> successors, IEnumerable<ulong> fingers) => _view.Update(new ChordSnapshot(
        Contact(self), true, Contact(predecessor), [.. successors.Select(Contact)], [.. fingers.Select(Contact)], false));
}
