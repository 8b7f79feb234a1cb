namespace P2PCloud.ClusterLoad.Tests;

public sealed class AvailabilityTests
{
    private const string Technique = "kazaa";

    private static readonly OperationResult Ok = new(Outcome.Ok, 200, Complete: true);
    private static readonly OperationResult Down = Story.Refused(503);

    [Fact]
    public void Without_a_failure_a_stream_was_available_all_the_time() =>
        Assert.Equal(TimeSpan.Zero, Longest(Every(1, 0, 20)));

    [Fact]
    public void Unavailability_lasts_from_the_success_before_the_failures_to_the_success_after_them() =>
        Assert.Equal(TimeSpan.FromSeconds(5), Longest(Every(1, 0, 20, failed: second => second is >= 6 and <= 9)));

    [Fact]
    public void The_longest_of_several_counts() =>
        Assert.Equal(TimeSpan.FromSeconds(4), Longest(Every(1, 0, 20, failed: second => second is 3 or (>= 10 and <= 12) or 17)));

    [Fact]
    public void What_fails_until_the_load_ends_is_unavailable_until_then() =>
        Assert.Equal(TimeSpan.FromSeconds(8), Longest(Every(1, 0, 20, failed: second => second > 12)));

    [Fact]
    public void A_stream_that_never_succeeds_is_unavailable_during_all_of_the_load()
    {
        var story = Every(1, 0, 20, failed: _ => true).Lookup("chord", 'a', 0, 20, Ok);

        Assert.Equal(TimeSpan.FromSeconds(20), Longest(story));
    }

    [Fact]
    public void An_answer_that_takes_long_counts_though_nothing_fails()
    {
        var story = Every(1, 0, 10).Lookup(Technique, 'a', 11, 18, Ok).Lookup(Technique, 'a', 12, 18.5, Ok);

        Assert.Equal(TimeSpan.FromSeconds(8), Longest(story));
    }

    [Fact]
    public void Two_periods_and_2_s_between_successes_are_explained_by_the_load()
    {
        var story = Every(1, 0, 10).Lookup(Technique, 'a', 14, 14, Ok);

        Assert.Equal(TimeSpan.Zero, Longest(story));
    }

    [Fact]
    public void Lookups_of_files_of_absent_peers_do_not_make_a_stream_unavailable()
    {
        var story = Every(1, 0, 10).Share('b', "peer-2").Absent("peer-2", 0);
        for (var second = 11; second <= 20; second++)
        {
            story.Lookup(Technique, 'b', second, second, new OperationResult(Outcome.NotFound, 200, Complete: true));
        }

        Assert.Equal(TimeSpan.Zero, Longest(story));
    }

    [Fact]
    public void Another_stream_does_not_count() =>
        Assert.Equal(TimeSpan.Zero, Longest(Every(1, 0, 20).Lookup("chord", 'a', 5, 6, Down)));

    [Fact]
    public void Recovery_is_the_time_from_the_mark_to_the_first_success_after_the_last_failure()
    {
        var story = Every(1, 0, 30, failed: second => second is 11 or 13 or 14).Mark("killed peer-1", 10.5);

        var recovery = Assert.Single(story.Check().Recoveries);

        Assert.Equal(("killed peer-1", TimeSpan.FromSeconds(4.5)), (recovery.From, recovery.ByStream[Technique]));
        Assert.Equal(TimeSpan.FromSeconds(4.5), recovery.Longest);
    }

    [Fact]
    public void Where_nothing_fails_there_is_nothing_to_recover_from() =>
        Assert.Equal(TimeSpan.Zero, Recovery(Every(1, 0, 30).Mark("fault", 10.5)));

    [Fact]
    public void Failures_before_the_mark_do_not_count() =>
        Assert.Equal(TimeSpan.Zero, Recovery(Every(1, 0, 30, failed: second => second is 8).Mark("fault", 10.5)));

    [Fact]
    public void A_success_after_a_long_wait_ends_the_recovery() =>
        Assert.Equal(TimeSpan.FromSeconds(7.5), Recovery(Every(1, 0, 10).Mark("fault", 10.5).Lookup(Technique, 'a', 11, 18, Ok), inARow: 1));

    [Fact]
    public void What_fails_at_the_end_has_not_recovered() =>
        Assert.Null(Recovery(Every(1, 0, 30, failed: second => second is 30).Mark("fault", 10.5)));

    [Fact]
    public void A_stream_that_hangs_when_a_window_ends_has_not_recovered_in_it()
    {
        var story = Every(1, 0, 10).Mark("paused", 10.5).Mark("unpaused", 40);
        for (var second = 11; second <= 60; second++)
        {
            story.Lookup(Technique, 'a', second, Math.Max(second, 42), Ok);
        }

        Assert.Equal([null, TimeSpan.FromSeconds(2)], story.Check().Recoveries.Select(recovery => recovery.ByStream[Technique]));
    }

    [Fact]
    public void A_stream_that_hangs_only_from_the_end_of_a_window_on_had_recovered_in_it()
    {
        var story = Every(1, 0, 20, failed: second => second is 11).Mark("killed", 10.5).Mark("killed another", 20.5);
        for (var second = 21; second <= 60; second++)
        {
            story.Lookup(Technique, 'a', second, Math.Max(second, 30), Ok);
        }

        Assert.Equal(
            [TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(9.5)], story.Check().Recoveries.Select(recovery => recovery.ByStream[Technique]!.Value));
    }

    [Fact]
    public void Too_few_successes_in_a_row_are_no_recovery()
    {
        var story = Every(1, 0, 30, failed: second => second is 26).Mark("fault", 10.5);

        Assert.Equal((null, TimeSpan.FromSeconds(16.5)), (Recovery(story, inARow: 5), Recovery(story, inARow: 4)));
    }

    [Fact]
    public void A_stream_that_has_not_recovered_makes_the_whole_not_recovered()
    {
        var story = Every(1, 0, 30).Lookup("chord", 'a', 20, 21, Down).Mark("fault", 10.5);

        Assert.Null(Assert.Single(story.Check().Recoveries).Longest);
    }

    [Fact]
    public void A_window_ends_at_the_next_mark()
    {
        var story = Every(1, 0, 40, failed: second => second is 12 or 23).Mark("killed", 10.5).Mark("started", 20.5);

        Assert.Equal([TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3.5)], story.Check().Recoveries.Select(recovery => recovery.Longest!.Value));
    }

    [Fact]
    public void A_window_may_be_named()
    {
        var story = Every(1, 0, 40, failed: second => second is 12 or 23).Mark("killed", 10.5).Mark("note", 11.5).Mark("started", 20.5);

        var recoveries = story.Check(new CheckOptions { FinalReads = false, Recoveries = [new RecoveryWindow("killed", "started")] }).Recoveries;

        Assert.Equal(TimeSpan.FromSeconds(2.5), Assert.Single(recoveries).Longest);
    }

    [Fact]
    public void A_window_from_a_mark_that_is_not_there_is_refused() => Assert.Contains(
        "'nowhere'",
        Assert.Throws<ArgumentException>(() => new Story().Check(new CheckOptions { Recoveries = [new RecoveryWindow("nowhere")] })).Message);

    private static TimeSpan Longest(Story story) => story.Check().ByStream[Technique].LongestUnavailability;

    private static TimeSpan? Recovery(Story story, int inARow = 5) => Assert.Single(
        story.Check(new CheckOptions { FinalReads = false, SuccessesInARow = inARow }).Recoveries).ByStream[Technique];

    /// <summary>A lookup that takes no time every so many seconds.</summary>
    private static Story Every(double period, double from, double until, Func<double, bool>? failed = null)
    {
        var story = new Story { Rates = { [Technique] = 1 / period } };
        for (var second = from; second <= until; second += period)
        {
            story.Lookup(Technique, 'a', second, second, failed?.Invoke(second) is true ? Down : Ok);
        }

        return story.Share('a', "peer-1");
    }
}
