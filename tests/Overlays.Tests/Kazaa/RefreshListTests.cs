using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Overlays.Tests.Kazaa;

public class RefreshListTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);
    private readonly RefreshList _list = new(rowsMax: 3, ageMax: TimeSpan.FromSeconds(60));

    [Fact]
    public void The_freshest_row_of_a_leader_wins_whenever_it_arrives()
    {
        _list.Learn([Row("a", 5, ageMs: 1_000)], Now);
        _list.Learn([Row("a", 9, ageMs: 2_000)], Now);

        Assert.Equal(5, Assert.Single(_list.Rows(Now)).Children);

        _list.Learn([Row("a", 7, ageMs: 500)], Now);
        Assert.Equal(7, Assert.Single(_list.Rows(Now)).Children);
    }

    [Fact]
    public void The_stalest_row_gives_way()
    {
        _list.Learn([Row("a", 1, 30), Row("b", 1, 40), Row("c", 1, 20)], Now);
        _list.Learn([Row("d", 1, 10)], Now);

        Assert.Equal(["a", "c", "d"], _list.Rows(Now).Select(row => row.Leader.App));
    }

    [Fact]
    public void A_row_ages_here_and_is_dropped_when_it_is_too_old()
    {
        _list.Learn([Row("a", 1, ageMs: 10_000)], Now);

        Assert.Equal(40_000, Assert.Single(_list.Rows(Now + TimeSpan.FromSeconds(30))).AgeMs);
        Assert.Empty(_list.Rows(Now + TimeSpan.FromSeconds(51)));
        Assert.Equal(0, _list.Count);
    }

    [Fact]
    public void A_row_from_the_future_or_too_old_is_no_better_than_one_of_now()
    {
        _list.Learn([Row("a", 1, ageMs: int.MinValue), Row("b", 1, ageMs: int.MaxValue)], Now);

        Assert.Equal(0, Assert.Single(_list.Rows(Now)).AgeMs);
    }

    [Fact]
    public void A_sample_names_leaders_with_room_first()
    {
        _list.Learn([Row("a", 10, 0), Row("b", 1, 0), Row("c", 10, 0)], Now);

        Assert.Equal("b", Assert.Single(_list.Sample(1, Now, new SplitMix64(1))).Leader.App);
        Assert.Equal(3, _list.Sample(9, Now, new SplitMix64(1)).Count);
    }

    [Fact]
    public void A_forgotten_leader_is_not_named()
    {
        _list.Learn([Row("a", 1, 0)], Now);

        _list.Forget(new NodeRef("a"));

        Assert.Empty(_list.Rows(Now));
    }

    private static LeaderRow Row(string app, int children, int ageMs) => new(new NodeRef(app), children, 10, ageMs, false);
}
