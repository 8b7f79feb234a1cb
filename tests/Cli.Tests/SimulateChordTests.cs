using System.Text.Json;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Cli.Tests;

public sealed class SimulateChordTests
{
    private static readonly string[] Keys =
    [
        "nodes", "lookups", "forwards", "hops", "timeouts", "failures", "messages", "entries", "keysPerNode", "events", "wallSeconds", "peakRssMB",
        "seed", "eventLogHash",
    ];

    [Fact]
    public async Task Json_has_exactly_the_documented_keys()
    {
        var outcome = await Simulator.RunAsync(["simulate", "chord", "--output", "json"], Simulator.Reporting());

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        using var json = JsonDocument.Parse(outcome.Out);
        Assert.Equal(Keys, Names(json.RootElement));
        Assert.Equal(["mean", "p1", "p50", "p99"], Names(json.RootElement.GetProperty("forwards")));
        Assert.Equal(["mean", "p1", "p50", "p99"], Names(json.RootElement.GetProperty("hops")));
        Assert.Equal(["mean"], Names(json.RootElement.GetProperty("timeouts")));
        Assert.Equal(["mean"], Names(json.RootElement.GetProperty("entries")));
        Assert.Equal(["p1", "p50", "p99", "max"], Names(json.RootElement.GetProperty("keysPerNode")));
    }

    [Fact]
    public async Task The_table_shows_both_path_lengths_and_the_hash_of_the_events()
    {
        var outcome = await Simulator.RunAsync(["simulate", "chord"], Simulator.Reporting());

        Assert.Contains("forwards to the predecessor\t4.93\t1\t5\t9\t-", outcome.Lines);
        Assert.Contains("hops to the owner\t5.93\t2\t6\t10\t-", outcome.Lines);
        Assert.Contains("event log hash\tabc123", outcome.Lines);
    }

    [Fact]
    public async Task Options_reach_the_experiment()
    {
        ChordExperiment? asked = null;
        var line = "simulate chord --nodes 100 --virtual-nodes 4 --base 2 --routing full --successors 5 --lookups 20 --keys 30 --fail 0.25 "
            + "--churn 0.5 --hours 1.5 --seed 18446744073709551615";

        await Simulator.RunAsync(line.Split(' '), Simulator.Reporting(experiment => asked = experiment));

        Assert.Equal(
            new ChordExperiment
            {
                Nodes = 100,
                VirtualNodes = 4,
                Base = 2,
                Routing = Routing.Full,
                Successors = 5,
                Lookups = 20,
                Keys = 30,
                Fail = 0.25,
                Churn = 0.5,
                Hours = 1.5,
                Seed = ulong.MaxValue,
            },
            asked);
    }

    [Fact]
    public async Task Without_options_the_experiment_is_the_default()
    {
        ChordExperiment? asked = null;

        await Simulator.RunAsync(["simulate", "chord"], Simulator.Reporting(experiment => asked = experiment));

        Assert.Equal(new ChordExperiment(), asked);
    }

    [Fact]
    public async Task What_the_simulator_refuses_exits_with_2_one_line_and_a_hint()
    {
        var refusing = Simulator.Reporting() with { Check = _ => "nodes is 1 to 1,000,000" };

        var outcome = await Simulator.RunAsync(["simulate", "chord", "--nodes", "0"], refusing);

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Equal(["p2pcloud: nodes is 1 to 1,000,000", "hint: p2pcloud simulate chord --help"], outcome.ErrorLines);
        Assert.Empty(outcome.Out);
    }

    [Theory]
    [InlineData("--fail is a number", "simulate chord --fail many", "p2pcloud simulate chord --help")]
    [InlineData("--churn is a number", "simulate chord --churn NaN", "p2pcloud simulate chord --help")]
    [InlineData("--seed is a whole number", "simulate chord --seed -1", "p2pcloud simulate chord --help")]
    [InlineData("--routing is fingers or full", "simulate chord --routing flood", "p2pcloud simulate chord --help")]
    [InlineData("--nodes is a whole number", "simulate chord --nodes 1.5", "p2pcloud simulate chord --help")]
    [InlineData("'--out' is required", "simulate figures", "p2pcloud simulate figures --help")]
    [InlineData("", "simulate", "p2pcloud simulate --help")]
    public async Task A_wrong_command_line_exits_with_2_one_line_and_a_hint(string expected, string line, string hint)
    {
        var outcome = await Simulator.RunAsync(line.Split(' '), Simulator.Reporting());

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Equal(2, outcome.ErrorLines.Count);
        Assert.Contains(expected, outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal($"hint: {hint}", outcome.ErrorLines[1]);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_command_although_the_simulator_does_not_notice()
    {
        using var interrupt = new CancellationTokenSource();
        using var released = new ManualResetEventSlim();
        var deaf = Simulator.Reporting(_ =>
        {
            interrupt.Cancel();
            released.Wait(CancellationToken.None);
        });

        var outcome = await Simulator.RunUntilAsync(["simulate", "chord"], deaf, console => console, interrupt.Token);
        released.Set();

        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.Equal(["p2pcloud: interrupted"], outcome.ErrorLines);
        Assert.Empty(outcome.Out);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_bar_is_drawn_and_taken_away_only_where_a_person_reads(bool terminal, bool drawn)
    {
        var outcome = await Simulator.RunUntilAsync(
            ["simulate", "chord"],
            Simulator.Reporting(),
            console => console with { ErrorIsTerminal = terminal, Colour = true, Width = 100 },
            TestContext.Current.CancellationToken);

        Assert.Equal(drawn ? $"\rsimulating [{new string('#', 15)}{new string('-', 15)}] 50 %\e[K\r\e[K" : "", outcome.Error);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
