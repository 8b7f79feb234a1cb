using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Tests;

public sealed class MessageTests
{
    private static readonly TimeSpan RoundTrip = 2 * Pair.Latency;

    [Fact]
    public void An_answer_comes_after_two_latencies()
    {
        var pair = new Pair();

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([(7, RoundTrip)], pair.Outcomes);
    }

    [Fact]
    public void A_lost_message_is_seen_at_the_time_out_and_not_before()
    {
        var pair = new Pair(Pair.Exact with { Loss = 1 });

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void Requests_and_replies_are_lost_at_the_rate_of_the_model()
    {
        var pair = new Pair(Pair.Exact with { Loss = 0.1 });

        for (var i = 0; i < 10_000; i++)
        {
            pair.Ask(i);
        }

        pair.Finish();
        Assert.InRange(pair.B.Received.Count, 8_900, 9_100);
        Assert.InRange(pair.Outcomes.Count(outcome => outcome.Number is not null), 8_000, 8_200);
    }

    [Fact]
    public void A_duplicated_request_is_delivered_twice_with_distinct_ids()
    {
        var pair = new Pair(Pair.Exact with { Duplication = 1 });

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([7, 7], pair.B.Received.Select(received => received.Number));
        Assert.Equal(2, pair.B.RequestIds.Distinct().Count());
    }

    [Fact]
    public void The_first_response_to_a_duplicated_request_wins()
    {
        var answers = 0;
        var pair = new Pair(
            Pair.Exact with { Duplication = 1 },
            answering: new ScriptedEngine("b") { Requested = (engine, request) => engine.Reply(request.RequestId, ++answers) });

        pair.Ask(7);
        pair.Finish();

        Assert.Equal(1, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void Messages_overtake_one_another_when_they_are_reordered()
    {
        var pair = new Pair(Pair.Exact with { Reordering = 0.5, ReorderingDelay = TimeSpan.FromMilliseconds(50) });

        for (var i = 0; i < 20; i++)
        {
            pair.Ask(i);
        }

        pair.Finish();
        Assert.NotEqual(Enumerable.Range(0, 20), pair.B.Received.Select(received => received.Number));
        Assert.Equal(Enumerable.Range(0, 20), pair.B.Received.Select(received => received.Number).Order());
    }

    [Fact]
    public void Messages_keep_their_order_at_a_constant_latency()
    {
        var pair = new Pair();

        for (var i = 0; i < 20; i++)
        {
            pair.Ask(i);
        }

        pair.Finish();
        Assert.Equal(Enumerable.Range(0, 20), pair.B.Received.Select(received => received.Number));
    }

    [Fact]
    public void A_dead_node_refuses_after_a_round_trip()
    {
        var pair = new Pair();
        pair.Network.Kill("b");

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([(null, RoundTrip)], pair.Outcomes);
    }

    [Fact]
    public void A_dead_node_costs_the_whole_time_out_when_dead_nodes_do_not_answer()
    {
        var pair = new Pair(Pair.Exact with { DeadNodesAnswer = false });
        pair.Network.Kill("b");

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void A_node_is_not_reached_before_it_has_started()
    {
        var pair = new Pair();
        var late = pair.Network.Add(new ScriptedEngine("c"), TimeSpan.FromMilliseconds(100));

        pair.Ask(7, "c");
        pair.Finish();

        Assert.Empty(late.Received);
        Assert.Equal([(null, RoundTrip)], pair.Outcomes);
    }

    [Fact]
    public void An_answer_after_the_time_out_changes_nothing()
    {
        var pair = new Pair(answering: new ScriptedEngine("b")
        {
            Requested = (engine, request) => engine.Later(2 * Pair.Timeout, () => engine.Reply(request.RequestId, 7)),
        });

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void A_late_answer_does_not_end_a_later_call()
    {
        var pair = new Pair(answering: new ScriptedEngine("b")
        {
            Requested = (engine, request) => engine.Later(
                Pair.Timeout, () => engine.Reply(request.RequestId, ((Question)request.Body).Number)),
        });

        pair.Ask(1);
        pair.Network.Run(Pair.Timeout);
        pair.Ask(2);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout), (null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void An_answer_under_way_at_its_time_out_does_not_end_a_later_call()
    {
        var pair = new Pair(Pair.Exact with { Latency = new ConstantLatency(0.6 * Pair.Timeout) });

        pair.Ask(1);
        pair.Network.Run(Pair.Timeout);
        pair.Ask(2);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout), (null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void An_answer_at_the_instant_of_the_time_out_is_too_late()
    {
        var pair = new Pair(Pair.Exact with { Latency = new ConstantLatency(Pair.Timeout / 2) });

        pair.Ask(1);
        pair.Network.Run(Pair.Latency);
        pair.Ask(2);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout), (null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void Calls_with_different_time_outs_fail_each_at_its_own()
    {
        var pair = new Pair(Pair.Exact with { Loss = 1 });
        var ends = new List<(int Milliseconds, TimeSpan After)>();

        foreach (var milliseconds in Enumerable.Range(1, 100).Reverse())
        {
            pair.Do("a", engine => engine.Ask(
                "b", 1, TimeSpan.FromMilliseconds(milliseconds), _ => ends.Add((milliseconds, pair.Network.Now - pair.Began))));
        }

        pair.Finish();
        Assert.Equal(Enumerable.Range(1, 100).Select(number => (number, TimeSpan.FromMilliseconds(number))), ends);
    }

    [Fact]
    public void A_model_set_during_a_run_counts_for_later_messages()
    {
        var pair = new Pair();

        pair.Ask(1);
        pair.Network.Model = Pair.Exact with { Latency = new ConstantLatency(TimeSpan.FromMilliseconds(30)) };
        pair.Ask(2);
        pair.Finish();

        Assert.Equal([(1, TimeSpan.FromMilliseconds(40)), (2, TimeSpan.FromMilliseconds(60))], pair.Outcomes);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_model_whose_loss_is_no_probability_is_refused(double loss) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedNetwork(1, new NetworkModel { Loss = loss }));

    [Fact]
    public void A_tampered_reply_reaches_the_caller_in_place_of_the_true_one()
    {
        var pair = new Pair();
        pair.Network.SetTampering("b", reply => new Answer(((Answer)reply).Number + 1));

        pair.Ask(7);
        pair.Finish();

        Assert.Equal(8, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void A_node_tells_the_truth_again_when_tampering_ends()
    {
        var pair = new Pair();
        pair.Network.SetTampering("b", _ => new Answer(0));
        pair.Network.SetTampering("b", null);

        pair.Ask(7);
        pair.Finish();

        Assert.Equal(7, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void Requests_and_delivered_messages_and_inputs_are_counted()
    {
        var pair = new Pair();
        var before = pair.Network.EventsHandled;

        pair.Ask(1);
        pair.Ask(2);
        pair.Finish();

        Assert.Equal(2, pair.Network.RequestsSent);
        Assert.Equal(4, pair.Network.MessagesDelivered);
        Assert.Equal(before + 6, pair.Network.EventsHandled);
    }

    [Fact]
    public void A_virtual_node_and_a_node_of_its_full_name_are_the_same()
    {
        var network = new SimulatedNetwork(1);
        network.Add(new Overlays.Boot.BootServer(new NodeRef("peer-1", 3), new Overlays.Common.SplitMix64(1), TimeSpan.FromSeconds(1)));

        Assert.Equal(["peer-1#3"], network.Names);
        Assert.Throws<ArgumentException>(() => network.Add(new ScriptedEngine("peer-1#3")));
    }
}
