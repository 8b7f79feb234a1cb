namespace P2PCloud.ClusterLoad.Tests;

public sealed class FileRuleTests
{
    private static readonly OperationResult Found = new(Outcome.Ok, 200, Complete: true);
    private static readonly OperationResult Empty = new(Outcome.NotFound, 200, Complete: true);
    private static readonly OperationResult Missing = new(Outcome.NotFound, 404, "about:blank");

    [Fact]
    public void A_download_brings_the_bytes_that_were_shared() => Assert.Empty(
        new Story().Share('a', "peer-1").Download('a', 1, 2, new OperationResult(Outcome.Ok, 200, Sha256: Story.Content('a'))).Violations());

    [Theory]
    [InlineData('b')]
    [InlineData(null)]
    public void A_download_of_other_bytes_is_a_violation_and_a_failure(char? brought)
    {
        var sha256 = brought is { } other ? Story.Content(other) : null;

        var result = new Story().Share('a', "peer-1").Download('a', 1, 2, new OperationResult(Outcome.Ok, 200, Sha256: sha256))
            .Check(new CheckOptions { FinalReads = false });

        Assert.Equal((1, 0), (result.WrongBytes, result.ByStream[Streams.Download].Successes));
        Assert.Equal(ViolationKind.WrongBytes, Assert.Single(result.Violations).Kind);
        Assert.Equal(1, result.Failures["wrongBytes"]);
    }

    [Fact]
    public void A_lookup_that_does_not_find_the_file_of_a_living_peer_is_a_miss_of_its_technique()
    {
        var story = new Story().Share('a', "peer-1").Lookup("chord", 'a', 1, 2, Empty).Lookup("chord", 'a', 3, 4, Found);

        var result = story.Lookup("kazaa", 'a', 1, 2, Found).Check();

        Assert.Equal((1, 0.5), (result.ByStream["chord"].Misses, result.ByStream["chord"].Recall));
        Assert.Equal((0, 1.0), (result.ByStream["kazaa"].Misses, result.ByStream["kazaa"].Recall));
        Assert.Equal(1, result.ByStream["chord"].Failures["notFound"]);
    }

    [Fact]
    public void A_miss_that_says_that_it_may_be_incomplete_is_counted_apart()
    {
        var figures = new Story().Share('a', "peer-1").Lookup("gnutella", 'a', 1, 2, Empty with { Complete = false }).Check().ByStream["gnutella"];

        Assert.Equal((0, 1, 1), (figures.Misses, figures.Incomplete, figures.Failed));
    }

    [Fact]
    public void A_refused_lookup_is_a_failure_and_no_miss()
    {
        var figures = new Story().Share('a', "peer-1").Lookup("napster", 'a', 1, 2, Story.Refused(503)).Check().ByStream["napster"];

        Assert.Equal((0, 1), (figures.Misses, figures.Failures["refused 503"]));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 6)]
    public void While_its_peer_is_absent_a_file_need_not_be_found(double start, double end)
    {
        var story = new Story().Share('a', "peer-1").Absent("peer-1", 2, 5);

        var result = story.Lookup("chord", 'a', start, end, Empty).Download('a', start, end, Missing).Check();

        Assert.All(result.ByStream.Values, figures => Assert.Equal((1, 0, 0), (figures.Excused, figures.Failed, figures.Misses)));
    }

    [Theory]
    [InlineData(1, 1.9)]
    [InlineData(5.1, 6)]
    public void Before_and_after_the_absence_of_its_peer_a_file_must_be_found(double start, double end)
    {
        var story = new Story().Share('a', "peer-1").Absent("peer-1", 2, 5);

        var result = story.Lookup("chord", 'a', start, end, Empty).Download('a', start, end, Missing).Check();

        Assert.All(result.ByStream.Values, figures => Assert.Equal((0, 1), (figures.Excused, figures.Failed)));
    }

    [Fact]
    public void A_file_that_another_peer_shares_too_must_be_found_while_one_is_absent() => Assert.Equal(
        1,
        new Story().Share('a', "peer-1").Share('a', "peer-2").Absent("peer-1", 0).Lookup("chord", 'a', 1, 2, Empty).Check().ByStream["chord"].Misses);

    [Fact]
    public void A_refused_lookup_is_a_failure_whoever_is_absent() => Assert.Equal(
        1,
        new Story().Share('a', "peer-1").Absent("peer-1", 0).Lookup("chord", 'a', 1, 2, Story.Refused(502)).Check().ByStream["chord"].Failed);
}
