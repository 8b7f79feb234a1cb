namespace P2PCloud.ClusterLoad.Tests;

public sealed class FailureRuleTests
{
    private static readonly OperationResult Found = new(Outcome.Ok, 200, Complete: true);

    [Fact]
    public void A_refusal_with_problem_details_within_the_deadline_is_loud() =>
        Assert.Empty(With(Story.Refused(503), end: 10).Concat(With(Story.Refused(429), end: 10)));

    [Fact]
    public void That_no_gateway_can_be_reached_is_loud() => Assert.Empty(With(new OperationResult(Outcome.Unreachable), end: 2));

    [Fact]
    public void A_broken_connection_is_unexplained_where_no_gateway_was_taken_away()
    {
        var story = new Story().Lookup("chord", 'a', 0, 2, new OperationResult(Outcome.Connection));

        Assert.Equal(["Unexplained #1"], story.Violations());
        Assert.Empty(story.Violations(new CheckOptions { FinalReads = false, GatewaysMayEnd = true }));
    }

    [Fact]
    public void A_download_whose_provider_ends_is_loud() =>
        Assert.Empty(new Story().Download('a', 0, 2, new OperationResult(Outcome.Connection)).Violations());

    [Fact]
    public void An_operation_that_is_given_up_at_its_deadline_failed_late() =>
        Assert.Equal(["Late #1"], With(new OperationResult(Outcome.Deadline), end: 10));

    [Fact]
    public void An_operation_that_ends_after_its_deadline_is_late_even_if_it_succeeds() => Assert.Equal(["Late #1"], With(Found, end: 11.1));

    [Fact]
    public void A_busy_machine_is_allowed_a_little_more() => Assert.Empty(With(Found, end: 11));

    [Fact]
    public void A_refusal_without_problem_details_is_unexplained() => Assert.Equal(["Unexplained #1"], With(Story.Refused(503, problem: null), end: 2));

    [Fact]
    public void A_refusal_that_calls_the_request_wrong_is_unexplained() => Assert.Equal(["Unexplained #1"], With(Story.Refused(400), end: 2));

    [Fact]
    public void While_the_cloud_is_prepared_a_peer_may_be_unknown_still()
    {
        var story = new Story();
        story.Add(new OperationSubject(OperationKind.Share, Phase.Prepare, File: Story.Content('a'), Peer: "peer-1"), 1, 2, Story.Refused(400));

        Assert.Empty(story.Violations());
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_unexplained() =>
        Assert.Equal(["Unexplained #1"], With(new OperationResult(Outcome.Unreadable, 200), end: 2));

    [Fact]
    public void An_operation_without_an_outcome_is_counted()
    {
        var result = new Story().Lookup("chord", 'a', 1, 2, null).Lookup("chord", 'a', 3, 4, Found).Check();

        Assert.Equal((1, 1), (result.WithoutOutcome, result.Failures["none"]));
        Assert.Equal(ViolationKind.NoOutcome, Assert.Single(result.Violations).Kind);
        Assert.False(result.Holds);
    }

    private static IEnumerable<string> With(OperationResult result, double end) =>
        new Story { Deadline = TimeSpan.FromSeconds(10) }.Lookup("chord", 'a', 0, end, result).Violations();
}
