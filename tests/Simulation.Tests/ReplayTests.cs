using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Tests;

public sealed class ReplayTests
{
    private static readonly NodeRef Bootstrap = new(AppIds.Bootstrap);

    [Fact]
    public void The_same_seed_gives_the_same_events() => Assert.Equal(Ring(1).EventLogHash, Ring(1).EventLogHash);

    [Fact]
    public void Another_seed_gives_other_events() => Assert.NotEqual(Ring(1).EventLogHash, Ring(2).EventLogHash);

    [Fact]
    public void The_hash_is_the_same_on_every_machine()
    {
        var pair = new Pair(new NetworkModel
        {
            Latency = new ExponentialLatency(TimeSpan.FromMilliseconds(50)),
            Loss = 0.1,
            Duplication = 0.1,
            Reordering = 0.1,
        });
        for (var i = 0; i < 1_000; i++)
        {
            pair.Ask(i);
        }

        pair.Finish();

        Assert.Equal("f70323477aa80a51", pair.Network.EventLogHash.ToString("x16"));
    }

    [Fact]
    public void The_log_has_a_line_for_each_event_with_time_and_node()
    {
        var pair = new Pair();
        var lines = new List<string>();
        pair.Network.Logging = lines.Add;

        pair.Ask(7);
        pair.Finish();

        Assert.Collection(
            lines,
            line => Assert.StartsWith("00:00:00 a Command", line),
            line => Assert.Matches(@"^00:00:00\.0100000 b Request \d+ from a Question \{ Number = 7 \}$", line),
            line => Assert.Equal("00:00:00.0200000 a Reply 1 Answer { Number = 7 }", line));
    }

    [Fact]
    public void Logging_changes_no_event()
    {
        var logged = Ring(3, network => network.Logging = _ => { });

        Assert.Equal(Ring(3).EventLogHash, logged.EventLogHash);
    }

    [Fact]
    public void An_engine_that_throws_is_named_with_its_input_and_the_time()
    {
        var pair = new Pair(answering: new ScriptedEngine("b") { Requested = (_, _) => throw new InvalidOperationException("no such step") });
        pair.Ask(7);

        var failure = Assert.Throws<EngineFailedException>(pair.Finish);

        Assert.StartsWith("b at 1970-01-01T00:00:00.0100000+00:00 failed on Request", failure.Message);
        Assert.Contains("Question { Number = 7 }", failure.Message);
        Assert.EndsWith("no such step", failure.Message);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public void Invariants_are_checked_after_the_effects_of_each_input()
    {
        var pair = new Pair();
        var handled = new List<(string Name, long Sent)>();
        pair.Network.Handled = node => handled.Add((node.Name, pair.Network.RequestsSent));

        pair.Ask(7);
        pair.Finish();

        Assert.Equal([("a", 1), ("b", 1), ("a", 1)], handled);
    }

    private static SimulatedNetwork Ring(ulong seed, Action<SimulatedNetwork>? prepare = null)
    {
        var network = new SimulatedNetwork(seed, new NetworkModel { Loss = 0.05, Duplication = 0.05, Reordering = 0.05 });
        prepare?.Invoke(network);
        network.Add(new BootServer(Bootstrap, new SplitMix64(seed), TimeSpan.FromSeconds(30)));
        for (var i = 0; i < 8; i++)
        {
            var boot = new BootParameters { Bootstrap = Bootstrap, Incarnation = 1 };
            network.Add(new ChordNode(new NodeRef(AppIds.Peer(i), 0), new SplitMix64(seed + (ulong)i), boot, new ChordParameters(), []));
        }

        network.Run(TimeSpan.FromSeconds(20));
        return network;
    }
}
