namespace P2PCloud.ClusterLoad.Tests;

public sealed class KeyRuleTests
{
    private static readonly CheckOptions All = new();

    [Fact]
    public void Versions_rise_with_the_operations() => Assert.Empty(
        new Story().Put("a", 1, 2, version: Version(1)).Get("a", 3, 4, Version(1))
            .Put("b", 5, 6, version: Version(2)).Get("b", 7, 8, Version(2)).Violations());

    [Fact]
    public void A_put_after_another_has_no_lower_version() => Assert.Equal(
        ["Version #2"], new Story().Put("a", 1, 2, version: Version(2)).Put("b", 3, 4, version: Version(1)).Violations());

    [Fact]
    public void Concurrent_puts_have_versions_in_any_order() => Assert.Empty(
        new Story().Put("a", 1, 4, version: Version(2)).Put("b", 2, 3, version: Version(1)).Violations());

    [Fact]
    public void A_version_has_one_value() => Assert.Equal(
        ["Version #2"], new Story().Put("a", 1, 4, version: Version(1)).Put("b", 2, 3, version: Version(1)).Violations());

    [Fact]
    public void Puts_of_two_keys_have_two_versions() => Assert.Equal(
        ["Version #2"], new Story().Put("a", 1, 2, version: Version(1)).Put("b", 3, 4, version: Version(1), key: "another").Violations());

    [Fact]
    public void A_text_that_is_no_version_is_a_violation() => Assert.Equal(["Version #1"], new Story().Put("a", 1, 2, version: "1").Violations());

    [Fact]
    public void A_key_whose_last_value_is_read_at_the_end_is_not_lost() =>
        Assert.Empty(new Story().Put("a", 1, 2).Put("b", 3, 4).Get("b", 5, 6, phase: Phase.Final).Violations(All));

    [Fact]
    public void A_key_whose_value_at_the_end_is_of_a_put_of_unknown_outcome_is_not_lost() => Assert.Equal(
        ["Late #2"],
        new Story().Put("a", 1, 2).Put("b", 3, 4, Outcome.Deadline).Get("b", 5, 6, phase: Phase.Final).Violations(All));

    [Fact]
    public void A_key_without_a_value_at_the_end_is_lost()
    {
        var result = new Story().Put("a", 1, 2).Get(null, 3, 4, phase: Phase.Final).Check();

        Assert.Equal((1, 0), (result.KeysLost, result.KeysUnread));
        Assert.Contains(result.Violations, violation => violation is { Kind: ViolationKind.KeyLost, Operation: 2 });
    }

    [Fact]
    public void A_key_with_an_overwritten_value_at_the_end_is_lost() =>
        Assert.Equal(1, new Story().Put("a", 1, 2).Put("b", 3, 4).Get("a", 5, 6, phase: Phase.Final).Check().KeysLost);

    [Fact]
    public void A_key_with_a_value_that_nobody_wrote_at_the_end_is_lost() =>
        Assert.Equal(1, new Story().Put("a", 1, 2).Get("x", 3, 4, phase: Phase.Final).Check().KeysLost);

    [Fact]
    public void A_key_that_was_never_acknowledged_cannot_be_lost() =>
        Assert.Equal(0, new Story().Put("a", 1, 2, Outcome.Refused, 503).Get(null, 3, 4, phase: Phase.Final).Check().KeysLost);

    [Fact]
    public void The_last_answered_read_at_the_end_decides()
    {
        var story = new Story().Put("a", 1, 2);
        story.Add(new OperationSubject(OperationKind.Get, Phase.Final, Key: Story.Key), 3, 4, Story.Refused(503));

        var result = story.Get("a", 5, 6, phase: Phase.Final).Check();

        Assert.Equal((0, 0), (result.KeysLost, result.KeysUnread));
    }

    [Fact]
    public void A_key_that_gives_no_answer_at_the_end_is_unread()
    {
        var story = new Story().Put("a", 1, 2);
        story.Add(new OperationSubject(OperationKind.Get, Phase.Final, Key: Story.Key), 3, 4, Story.Refused(503));

        Assert.Equal(["KeyUnread #2"], story.Violations(All));
    }

    [Fact]
    public void A_key_that_nobody_reads_at_the_end_is_unread() =>
        Assert.Equal(1, new Story().Put("a", 1, 2).Get("a", 3, 4).Check(All).KeysUnread);

    private static string Version(int number) => $"{number:x16}-peer-0#1";
}
