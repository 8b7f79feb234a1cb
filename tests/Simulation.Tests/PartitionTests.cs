namespace P2PCloud.Simulation.Tests;

public sealed class PartitionTests
{
    private static readonly HashSet<string> A = ["a"];
    private static readonly HashSet<string> B = ["b"];

    [Fact]
    public void Requests_do_not_pass_a_cut()
    {
        var pair = new Pair();
        pair.Network.Cut(A, B);

        pair.Ask(1);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void Replies_do_not_pass_a_cut_in_their_direction()
    {
        var pair = new Pair();
        pair.Network.Cut(B, A);

        pair.Ask(1);
        pair.Finish();

        Assert.Single(pair.B.Received);
        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void A_partition_cuts_both_ways(string asker, string asked)
    {
        var pair = new Pair();
        pair.Network.Partition(A, B);

        pair.Do(asker, engine => engine.Ask(asked, 1, Pair.Timeout));
        pair.Finish();

        Assert.Empty(pair.A.Received);
        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void Nodes_outside_the_groups_reach_both()
    {
        var pair = new Pair();
        pair.Network.Partition(A, B);
        pair.Network.Add(new ScriptedEngine("c"));

        pair.Do("c", engine => engine.Ask("a", 1, Pair.Timeout));
        pair.Do("c", engine => engine.Ask("b", 2, Pair.Timeout));
        pair.Finish();

        Assert.Single(pair.A.Received);
        Assert.Single(pair.B.Received);
    }

    [Fact]
    public void All_cuts_end_when_they_are_healed()
    {
        var pair = new Pair();
        pair.Network.Partition(A, B);
        pair.Network.Heal();

        pair.Ask(1);
        pair.Finish();

        Assert.Equal(1, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void A_message_under_way_passes_a_cut_made_after_it_was_sent()
    {
        var pair = new Pair();
        pair.Ask(1);

        pair.Network.Cut(A, B);
        pair.Finish();

        Assert.Equal(1, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void A_refusal_does_not_pass_a_cut()
    {
        var pair = new Pair();
        pair.Network.Kill("b");
        pair.Network.Cut(B, A);

        pair.Ask(1);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }
}
