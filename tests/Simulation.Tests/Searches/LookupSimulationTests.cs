using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Tests.Searches;

public sealed class LookupSimulationTests
{
    private static readonly LookupExperiment Small = new() { Nodes = 48, Files = 40, Lookups = 40, Observed = TimeSpan.FromSeconds(10) };

    public static TheoryData<string, LookupMode> Ways => new()
    {
        { Techniques.Napster, LookupMode.Default },
        { Techniques.Gnutella, LookupMode.Flood },
        { Techniques.Kazaa, LookupMode.Default },
        { Techniques.Chord, LookupMode.Recursive },
        { Techniques.Chord, LookupMode.Iterative },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_search_finds_every_holder_while_nobody_is_dead(string technique, LookupMode mode)
    {
        var report = Run(Small with { Technique = technique, Mode = mode });

        Assert.Equal(1, report.Recall.Value);
        Assert.Equal(0, report.Failures);
        Assert.Equal(40, report.Lookups);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_search_of_the_directory_costs_two_messages_and_one_hop(ulong seed)
    {
        var report = Run(Small with { Technique = Techniques.Napster, Seed = seed });

        Assert.Equal((2, 2), (report.LookupMessages.P1, report.LookupMessages.P99));
        Assert.Equal((1, 1), (report.Hops.P1, report.Hops.P99));
        Assert.Equal(80, report.KeysPerNode.Max);
    }

    [Theory]
    [InlineData(LookupMode.Flood, 0)]
    [InlineData(LookupMode.Flood, 0.3)]
    [InlineData(LookupMode.ExpandingRing, 0)]
    public void A_flood_costs_and_finds_what_its_graph_says(LookupMode mode, double dead)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var laws = Run(Small with { Technique = Techniques.Gnutella, Mode = mode, Fail = dead, Seed = seed }).Laws;

            Assert.Equal(laws.Recall.Predicted.Mean, laws.Recall.Measured.Mean, 9);
            Assert.Equal(laws.Messages.Predicted.Mean, laws.Messages.Measured.Mean, 9);
            Assert.Equal(laws.Hops.Predicted.Mean, laws.Hops.Measured.Mean, 9);
        }
    }

    [Fact]
    public void A_childs_search_costs_and_finds_what_the_leaders_graph_says()
    {
        var laws = Run(Small with { Technique = Techniques.Kazaa, Leaders = 8 }).Laws;

        Assert.Equal(laws.Recall.Predicted.Mean, laws.Recall.Measured.Mean, 9);
        Assert.Equal(laws.Messages.Predicted.Mean, laws.Messages.Measured.Mean, 9);
    }

    [Fact]
    public void A_TTL_that_does_not_reach_everybody_lowers_the_recall_to_the_share_within_it()
    {
        var laws = Run(Small with { Technique = Techniques.Gnutella, Nodes = 128, Ttl = 2 }).Laws;

        Assert.Equal(laws.Recall.Predicted.Mean, laws.Recall.Measured.Mean, 9);
        Assert.InRange(laws.Recall.Measured.Mean, 0.01, 0.9);
    }

    [Theory]
    [InlineData(LookupMode.Recursive)]
    [InlineData(LookupMode.Iterative)]
    public void Ring_lookups_that_begin_when_nodes_die_find_the_copies_of_their_keys(LookupMode mode)
    {
        var report = Run(Small with { Technique = Techniques.Chord, Mode = mode, Nodes = 256, Files = 200, Lookups = 200, Fail = 0.1 });

        Assert.InRange(report.Failures, 0, 4);
    }

    [Fact]
    public void Walkers_cost_fewer_messages_than_a_flood()
    {
        var flood = Run(Small with { Technique = Techniques.Gnutella, Nodes = 256, Replicas = 16, Mode = LookupMode.Flood });
        var walk = Run(Small with { Technique = Techniques.Gnutella, Nodes = 256, Replicas = 16, Mode = LookupMode.RandomWalk });

        Assert.True(walk.LookupMessages.Mean < flood.LookupMessages.Mean / 2);
        Assert.Equal(0, walk.Failures);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Searches_under_churn_find_who_stays(string technique, LookupMode mode)
    {
        var report = Run(Small with { Technique = technique, Mode = mode, Churn = 0.05, Hours = 0.03 });

        Assert.InRange(report.Lookups, 50, 200);
        Assert.InRange(report.Recall.Value, 0.9, 1);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Equal_seeds_give_equal_runs(string technique, LookupMode mode)
    {
        var experiment = Small with { Technique = technique, Mode = mode, Fail = 0.2, Seed = 7 };

        var first = Run(experiment);

        Assert.Equal(first.EventLogHash, Run(experiment).EventLogHash);
        Assert.NotEqual(first.EventLogHash, Run(experiment with { Seed = 8 }).EventLogHash);
    }

    [Fact]
    public void Idle_sessions_send_a_keep_alive_and_its_answer_every_third_of_their_lease()
    {
        var report = Run(Small with { Technique = Techniques.Napster, Observed = TimeSpan.FromMinutes(5) });

        Assert.Equal(2 / 10.0 * 48 / 49, report.Upkeep.MessagesPerNodeSecond, 0.01);
        Assert.True(report.Upkeep.BytesPerNodeSecond > report.Upkeep.MessagesPerNodeSecond);
    }

    [Theory]
    [InlineData("--nodes", 1, 1, 0.0, 0.0)]
    [InlineData("--replicas", 10, 6, 0.0, 0.0)]
    [InlineData("--fail", 10, 1, 0.95, 0.0)]
    [InlineData("two experiments", 10, 1, 0.1, 0.1)]
    public void A_wrong_setting_is_named(string word, int nodes, int replicas, double fail, double churn)
    {
        var experiment = new LookupExperiment { Nodes = nodes, Replicas = replicas, Fail = fail, Churn = churn };

        Assert.Contains(word, experiment.Check(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run(experiment));
    }

    private static LookupReport Run(LookupExperiment experiment) =>
        LookupSimulation.Run(experiment, null, TestContext.Current.CancellationToken);
}
