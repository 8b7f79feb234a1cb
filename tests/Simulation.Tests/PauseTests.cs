namespace P2PCloud.Simulation.Tests;

public sealed class PauseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_paused_node_lets_its_callers_time_out()
    {
        var pair = new Pair();
        pair.Network.Pause("b");

        pair.Ask(1);
        pair.Finish();

        Assert.Equal([(null, Pair.Timeout)], pair.Outcomes);
        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void A_node_that_goes_on_handles_in_order_what_waited()
    {
        var pair = new Pair();
        pair.Network.Pause("b");
        pair.Ask(1);
        pair.Ask(2);
        pair.Network.Run(Second);

        pair.Network.Resume("b");
        pair.Ask(3);
        pair.Finish();

        Assert.Equal(
            [(pair.Began + Second, 1), (pair.Began + Second, 2), (pair.Began + Second + Pair.Latency, 3)],
            pair.B.Received);
    }

    [Fact]
    public void A_reply_that_came_during_a_pause_counts_although_the_time_out_passed_meanwhile()
    {
        var pair = new Pair();
        pair.Ask(1);
        pair.Network.Pause("a");
        pair.Network.Run(2 * Pair.Timeout);

        pair.Network.Resume("a");
        pair.Finish();

        Assert.Equal([(1, 2 * Pair.Timeout)], pair.Outcomes);
    }

    [Fact]
    public void A_timer_disarmed_by_what_waited_before_it_does_not_ring()
    {
        var pair = new Pair();
        var rang = false;
        long timer = 0;
        pair.Do("b", engine => timer = engine.Later(Second, () => rang = true));
        pair.Network.Pause("b");
        pair.Network.Post("b", new Do(engine => engine.Forget(timer)), _ => { });
        pair.Network.Run(2 * Second);

        pair.Network.Resume("b");
        pair.Finish();

        Assert.False(rang);
    }

    [Fact]
    public void A_node_paused_again_at_once_stays_paused()
    {
        var pair = new Pair();
        pair.Network.Pause("b");
        pair.Network.Resume("b");
        pair.Network.Pause("b");

        pair.Ask(1);
        pair.Finish();

        Assert.Empty(pair.B.Received);
    }

    [Fact]
    public void What_waited_for_a_node_that_is_killed_is_lost()
    {
        var pair = new Pair();
        pair.Network.Pause("b");
        pair.Ask(1);
        pair.Network.Run(Second);

        var restarted = pair.Restart();
        pair.Finish();

        Assert.Empty(restarted.Received);
    }
}
