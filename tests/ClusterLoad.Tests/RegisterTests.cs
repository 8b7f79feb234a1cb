namespace P2PCloud.ClusterLoad.Tests;

public sealed class RegisterTests
{
    /// <summary>Ends after which a put may happen still, with the status.</summary>
    public static TheoryData<Outcome?, int?> Uncertain { get; } = new()
    {
        { Outcome.Refused, 504 },
        { Outcome.Refused, 502 },
        { Outcome.Refused, 500 },
        { Outcome.Deadline, null },
        { Outcome.Connection, null },
        { Outcome.Unreadable, 200 },
        { null, null },
    };

    /// <summary>Ends that say that nothing was written.</summary>
    public static TheoryData<Outcome, int?> Nothing { get; } = new()
    {
        { Outcome.Refused, 503 },
        { Outcome.Refused, 400 },
        { Outcome.Refused, 412 },
        { Outcome.Refused, 429 },
        { Outcome.Unreachable, null },
        { Outcome.NotFound, 404 },
    };

    [Fact]
    public void The_last_acknowledged_value_is_read() =>
        Assert.Empty(new Story().Put("a", 1, 2).Put("b", 3, 4).Get("b", 5, 6).Violations());

    [Fact]
    public void A_value_that_was_overwritten_before_the_read_began_is_not_read() =>
        Assert.Equal(["Register #3"], new Story().Put("a", 1, 2).Put("b", 3, 4).Get("a", 5, 6).Violations());

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_read_during_a_put_returns_either_value(string value) =>
        Assert.Empty(new Story().Put("a", 1, 2).Put("b", 3, 6).Get(value, 4, 5).Violations());

    [Fact]
    public void What_ends_in_the_microsecond_in_which_another_begins_is_concurrent_with_it() =>
        Assert.Empty(new Story().Put("a", 1, 2).Put("b", 3, 4).Get("a", 4, 5).Violations());

    [Fact]
    public void Two_reads_during_a_put_do_not_go_back_to_the_value_before() =>
        Assert.Equal(["Register #4"], new Story().Put("a", 1, 2).Put("b", 3, 10).Get("b", 4, 5).Get("a", 6, 7).Violations());

    [Fact]
    public void Of_two_concurrent_puts_either_is_the_last() =>
        Assert.All(["a", "b"], value => Assert.Empty(new Story().Put("a", 1, 4).Put("b", 2, 3).Get(value, 5, 6).Get(value, 7, 8).Violations()));

    [Fact]
    public void Of_two_concurrent_puts_only_one_is_the_last() =>
        Assert.Equal(["Register #4"], new Story().Put("a", 1, 4).Put("b", 2, 3).Get("b", 5, 6).Get("a", 7, 8).Violations());

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void A_put_of_unknown_outcome_may_never_happen(Outcome? outcome, int? status) => Assert.DoesNotContain(
        new Story().Put("a", 1, 2).Put("b", 3, 4, outcome, status).Get("a", 5, 6).Check(new CheckOptions { FinalReads = false }).Violations,
        violation => violation.Kind is ViolationKind.Register);

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void A_put_of_unknown_outcome_may_happen_even_after_a_later_put(Outcome? outcome, int? status) => Assert.DoesNotContain(
        new Story().Put("a", 1, 2, outcome, status).Put("b", 3, 4).Get("b", 5, 6).Get("a", 7, 8).Check().Violations,
        violation => violation.Kind is ViolationKind.Register);

    [Theory]
    [MemberData(nameof(Uncertain))]
    public void A_put_of_unknown_outcome_happens_once(Outcome? outcome, int? status) => Assert.Contains(
        new Story().Put("a", 1, 2, outcome, status).Get("a", 3, 4).Put("b", 5, 6).Get("b", 7, 8).Get("a", 9, 10).Check().Violations,
        violation => violation is { Kind: ViolationKind.Register, Operation: 5 });

    [Theory]
    [MemberData(nameof(Nothing))]
    public void A_put_of_which_the_cloud_said_that_nothing_was_written_is_never_read(Outcome outcome, int? status) => Assert.Contains(
        new Story().Put("a", 1, 2).Put("b", 3, 4, outcome, status).Get("b", 5, 6).Check().Violations,
        violation => violation is { Kind: ViolationKind.Register, Operation: 3 });

    [Fact]
    public void A_value_that_nobody_wrote_is_not_read() =>
        Assert.Equal(["Register #2"], new Story().Put("a", 1, 2).Get("x", 3, 4).Violations());

    [Fact]
    public void A_value_is_not_read_before_its_put_began() =>
        Assert.Equal(["Register #1"], new Story().Get("a", 1, 2).Put("a", 3, 4).Violations());

    [Fact]
    public void Before_the_first_put_there_is_no_value() =>
        Assert.Empty(new Story().Get(null, 1, 2).Put("a", 3, 6).Get(null, 4, 5).Get("a", 7, 8).Violations());

    [Fact]
    public void A_value_that_was_acknowledged_is_not_missing() =>
        Assert.Equal(["Register #2"], new Story().Put("a", 1, 2).Get(null, 3, 4).Violations());

    [Fact]
    public void A_read_that_failed_says_nothing()
    {
        var story = new Story().Put("a", 1, 2).Put("b", 3, 4);
        story.Add(new OperationSubject(OperationKind.Get, Phase.Load, Key: Story.Key), 5, 6, Story.Refused(503) with { Read = "a" });

        Assert.Empty(story.Violations());
    }

    [Fact]
    public void Keys_are_registers_of_their_own() =>
        Assert.Empty(new Story().Put("a", 1, 2).Put("b", 3, 4, key: "other").Get("a", 5, 6).Violations());

    [Fact]
    public void A_violation_names_the_operations_that_contradict_each_other()
    {
        var violation = Assert.Single(new Story().Put("a", 1, 2).Put("b", 3, 4).Get("a", 5, 6).Check().Violations);

        Assert.All(["k:", "get #3 of a", "put #2 of b", "put #1 of a"], part => Assert.Contains(part, violation.Text, StringComparison.Ordinal));
    }
}
