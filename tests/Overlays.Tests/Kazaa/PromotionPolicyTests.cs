using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Overlays.Tests.Kazaa;

public class PromotionPolicyTests
{
    private static readonly PromotionParameters Parameters = new();
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_peer_leads_when_no_leader_answers() => Assert.True(ShallLead(Long));

    [Fact]
    public void A_peer_leads_when_all_leaders_are_full_or_leaving() =>
        Assert.True(ShallLead(Long, Answer(LeaderStanding.Leading, Row("a", 100, 100)), Answer(LeaderStanding.Leaving, Row("b", 1, 0))));

    [Fact]
    public void A_peer_does_not_lead_when_a_leader_has_room() =>
        Assert.False(ShallLead(Long, Answer(LeaderStanding.Leading, Row("a", 100, 100)), Answer(LeaderStanding.Leading, Row("b", 99, 100))));

    [Fact]
    public void A_peer_does_not_lead_when_another_is_about_to() => Assert.False(ShallLead(Long, Answer(LeaderStanding.Joining, Row("b", 0, 0))));

    [Fact]
    public void A_peer_that_has_not_been_up_for_long_does_not_lead() =>
        Assert.False(ShallLead(Parameters.UptimeMin - TimeSpan.FromTicks(1)));

    [Fact]
    public void A_promoted_leader_goes_when_others_take_its_children_and_are_not_nearly_full()
    {
        Assert.True(ShallStepDown(10, Long, Row("a", 30, 100), Row("b", 100, 100)));
        Assert.False(ShallStepDown(11, Long, Row("a", 30, 100), Row("b", 100, 100)));
    }

    [Fact]
    public void A_promoted_leader_stays_for_its_shortest_term() =>
        Assert.False(ShallStepDown(0, Parameters.TermMin - TimeSpan.FromTicks(1), Row("a", 0, 100)));

    [Fact]
    public void A_promoted_leader_without_others_stays() => Assert.False(ShallStepDown(0, Long));

    [Fact]
    public void A_promoted_leader_does_not_rely_on_old_news_or_on_leaders_that_leave() => Assert.False(ShallStepDown(
        0, Long, Row("a", 0, 100) with { AgeMs = (int)Parameters.RowAgeMax.TotalMilliseconds + 1 }, Row("b", 0, 0)));

    [Fact]
    public void A_promoted_leader_without_children_goes_though_the_others_are_nearly_full() =>
        Assert.True(ShallStepDown(0, Long, Row("a", 95, 100)));

    [Fact]
    public void Of_two_promoted_leaders_the_one_with_the_smaller_name_stays()
    {
        Assert.True(ShallStepDown(1, Long, Row("l", 1, 100) with { Promoted = true }));
        Assert.False(ShallStepDown(1, Long, Row("n", 1, 100) with { Promoted = true }));
    }

    private static bool ShallLead(TimeSpan uptime, params LeaderProbeReply[] answers) =>
        PromotionPolicy.ShallLead(new ElectionView(uptime, answers), Parameters);

    /// <summary>Asks for the leader named m.</summary>
    private static bool ShallStepDown(int children, TimeSpan term, params LeaderRow[] others) =>
        PromotionPolicy.ShallStepDown(new TermView("m", term, children, children > 0 ? TimeSpan.Zero : term, others), Parameters);

    private static LeaderProbeReply Answer(LeaderStanding standing, LeaderRow row) => new(standing, row, 0);

    private static LeaderRow Row(string name, int children, int max) => new(new NodeRef(name), children, max, 0, false);
}
