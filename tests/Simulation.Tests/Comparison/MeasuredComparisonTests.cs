using P2PCloud.Contracts;
using P2PCloud.Simulation.Comparison;

namespace P2PCloud.Simulation.Tests.Comparison;

public sealed class MeasuredComparisonTests
{
    // a - b - c - d, a ring of four leaders x - y - z - w with a chord, one child each.
    private static readonly MeasuredLinks Links = new(
        new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["b"], ["b"] = ["a", "c"], ["c"] = ["b", "d"], ["d"] = ["c"] },
        new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["y", "w", "z"], ["y"] = ["x", "z"], ["z"] = ["y", "w", "x"], ["w"] = ["z", "x"] },
        new Dictionary<string, string> { ["a"] = "x", ["b"] = "y", ["c"] = "z", ["d"] = "w" },
        RingNodes: 16);

    [Fact]
    public void A_flood_along_a_line_costs_a_message_a_link_and_the_way_back_of_its_hit()
    {
        var messages = Figure(Search(Techniques.Gnutella, "flood", messages: 6), FigureNames.Messages);

        Assert.Equal((3 + 3, true), (messages.Law, messages.Agrees));
    }

    [Fact]
    public void A_childs_search_costs_two_messages_the_flood_of_its_leader_and_the_way_back_of_the_hit()
    {
        // 2E - S + 1 = 2 * 5 - 4 + 1, and one link from w back to x.
        var messages = Figure(Search(Techniques.Kazaa, "", messages: 10), FigureNames.Messages);

        Assert.Equal((2 + 7 + 1, true), (messages.Law, messages.Agrees));
    }

    [Fact]
    public void An_expanding_ring_pays_for_the_rings_that_found_nothing()
    {
        // TTL 1 reaches b: 1 message. TTL 3 reaches d: 3 messages and 3 back.
        var messages = Figure(Search(Techniques.Gnutella, "expanding-ring", messages: 7), FigureNames.Messages);

        Assert.Equal((7, true), (messages.Law, messages.Agrees));
    }

    [Fact]
    public void A_ring_lookup_may_be_shorter_than_the_law_but_not_longer()
    {
        Assert.True(Figure(Search(Techniques.Chord, "recursive", messages: 3), FigureNames.Messages).Agrees);
        Assert.False(Figure(Search(Techniques.Chord, "recursive", messages: 6), FigureNames.Messages).Agrees);
    }

    [Fact]
    public void A_search_without_an_answer_counts_as_not_found()
    {
        var recall = Figure(Search(Techniques.Napster, "", messages: 0) with { Found = [], Hops = null }, FigureNames.Recall);

        Assert.Equal((0, 1, false), (recall.Measured, recall.Law, recall.Agrees));
    }

    private static MeasuredSearch Search(string technique, string mode, int messages) =>
        new(technique, mode, "a", ["d"], ["d"], messages, Hops: 1, ElapsedMs: 5);

    private static ComparedFigure Figure(MeasuredSearch search, string name) =>
        MeasuredComparison.Of(new ComparisonSettings(), [search], Links).Rows.Single().Figures.Single(figure => figure.Name == name);
}
