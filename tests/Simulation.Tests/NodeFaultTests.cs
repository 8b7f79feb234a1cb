using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Tests;

public sealed class NodeFaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_killed_node_is_no_longer_named() => Assert.Equal(["a"], Killed().Network.Names);

    [Fact]
    public void A_killed_nodes_timers_vanish()
    {
        var pair = new Pair();
        var rang = false;
        pair.Do("b", engine => engine.Later(Second, () => rang = true));

        pair.Network.Kill("b");
        pair.Finish();

        Assert.False(rang);
    }

    [Fact]
    public void A_timer_of_the_old_engine_does_not_ring_in_the_new_one()
    {
        var pair = new Pair();
        var rang = new List<DateTimeOffset>();
        pair.Do("b", engine => engine.Later(Second, () => rang.Add(engine.Time)));

        pair.Restart();
        pair.Do("b", engine => engine.Later(2 * Second, () => rang.Add(engine.Time)));
        pair.Finish();

        Assert.Equal([pair.Began + (2 * Second)], rang);
    }

    [Fact]
    public void A_reply_to_the_old_engine_does_not_reach_the_new_one()
    {
        var pair = new Pair();
        pair.Ask(1);

        pair.RestartAsker();
        pair.Do("a", engine => engine.Ask("nobody", 2, Second, answer => pair.Outcomes.Add((answer?.Number, default))));
        pair.Finish();

        Assert.Equal([(null, default)], pair.Outcomes);
    }

    [Fact]
    public void A_time_out_of_the_old_engine_does_not_end_a_call_of_the_new_one()
    {
        var pair = new Pair(Pair.Exact with { Loss = 1 });
        pair.Ask(1);
        pair.Network.Run(Pair.Timeout / 2);
        pair.RestartAsker();

        pair.Ask(2);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void The_response_of_an_old_engine_under_way_reaches_its_caller()
    {
        var pair = new Pair();
        pair.Ask(1);
        pair.Network.Run(1.5 * Pair.Latency);

        pair.Network.Kill("b");
        pair.Finish();

        Assert.Equal(1, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void A_request_under_way_reaches_whoever_has_the_name_on_arrival()
    {
        var pair = new Pair();
        pair.Ask(1);

        var restarted = pair.Restart();
        pair.Finish();

        Assert.Equal([1], restarted.Received.Select(received => received.Number));
        Assert.Equal(1, Assert.Single(pair.Outcomes).Number);
    }

    [Fact]
    public void A_request_that_the_old_engine_had_taken_is_never_answered()
    {
        var pair = new Pair(answering: new ScriptedEngine("b")
        {
            Requested = (engine, request) => engine.Later(Pair.Latency, () => engine.Reply(request.RequestId, 1)),
        });
        pair.Ask(1);
        pair.Network.Run(1.5 * Pair.Latency);

        pair.Restart();
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void A_node_killed_as_it_sends_carries_out_nothing_more()
    {
        var pair = new Pair();
        pair.Network.Sending = (_, _, body) =>
        {
            if (body is Question { Number: 1 })
            {
                pair.Network.Kill("a");
            }
        };

        pair.Do("a", engine =>
        {
            engine.Ask("b", 1, Second);
            engine.Ask("b", 2, Second);
        });
        pair.Finish();

        Assert.Equal([1], pair.B.Received.Select(received => received.Number));
    }

    [Fact]
    public void A_node_killed_before_it_sends_sends_nothing()
    {
        var pair = new Pair();
        pair.Network.Observing = (_, effect) =>
        {
            if (effect is Effect.Send)
            {
                pair.Network.Kill("a");
            }
        };

        pair.Do("a", engine => engine.Ask("b", 1, Second));
        pair.Finish();

        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void A_disarmed_timer_is_no_input()
    {
        var pair = new Pair();
        pair.Do("b", engine => engine.Forget(engine.Later(Second, () => { })));
        var before = pair.Network.EventsHandled;

        pair.Finish();

        Assert.Equal(before, pair.Network.EventsHandled);
    }

    [Fact]
    public void A_skewed_clock_is_ahead_of_virtual_time()
    {
        var pair = new Pair();
        pair.Network.SetClockSkew("b", Second);

        pair.Ask(1);
        pair.Finish();

        Assert.Equal([(pair.Began + Pair.Latency + Second, 1)], pair.B.Received);
    }

    [Fact]
    public void A_clock_that_is_set_back_stands_still()
    {
        var pair = new Pair();
        pair.Network.Run(Second);
        pair.Ask(1);
        pair.Network.Run(Pair.Latency);
        pair.Network.SetClockSkew("b", -Second);

        pair.Ask(2);
        pair.Finish();

        Assert.Equal(pair.B.Received[0].Time, pair.B.Received[1].Time);
    }

    [Fact]
    public void A_request_bears_its_senders_time()
    {
        DateTimeOffset? sentAt = null;
        var pair = new Pair(answering: new ScriptedEngine("b") { Requested = (_, request) => sentAt = request.SentAt });
        pair.Network.SetClockSkew("a", Second);

        pair.Ask(1);
        pair.Finish();

        Assert.Equal(pair.Began + Second, sentAt);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_slow_node_delays_what_it_sends_and_what_is_sent_to_it(string slow)
    {
        var pair = new Pair();
        pair.Network.SetSlowness(slow, TimeSpan.FromMilliseconds(100));

        pair.Ask(1);
        pair.Finish();

        Assert.Equal([(1, 2 * (Pair.Latency + TimeSpan.FromMilliseconds(100)))], pair.Outcomes);
    }

    private static Pair Killed()
    {
        var pair = new Pair();
        pair.Network.Kill("b");
        return pair;
    }
}
