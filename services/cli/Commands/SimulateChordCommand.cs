using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Simulate;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Chord;

namespace P2PCloud.Cli.Commands;

/// <summary><c>simulate chord</c>: lookups on a simulated ring, measured.</summary>
internal static class SimulateChordCommand
{
    private const string Full = "full";

    public static Command Describe(CliConsole console, GlobalOptions options, Simulations simulations)
    {
        var defaults = new ChordExperiment();
        var nodes = Count("--nodes", "Peers", defaults.Nodes);
        var virtualNodes = Count("--virtual-nodes", "Chord nodes of each peer", defaults.VirtualNodes);
        var fingerBase = Count("--base", "b of the finger table; 2 is the paper's", defaults.Base);
        var routing = Values.OneOf("--routing", "By fingers, or by a table of all members", ["fingers", Full]);
        var successors = Count("--successors", "Length of the successor list, else 8, and 20 with --fail or --churn");
        var lookups = Count("--lookups", "Lookups in all", defaults.Lookups);
        var keys = Count("--keys", "Keys hashed to the ring, for the keys per node", defaults.Keys);
        var fail = SimulateCommand.Number("--fail", "Probability with which each peer fails, all at once", "F");
        var churn = SimulateCommand.Number("--churn", "Joins per second, and as many leaves", "R");
        var hours = SimulateCommand.Number("--hours", "Simulated time of churn, one lookup a second", "H");
        var seed = SimulateCommand.Seed();
        var command = new Command("chord", "Look up random keys on a simulated Chord ring and measure")
        {
            nodes, virtualNodes, fingerBase, routing, successors, lookups, keys, fail, churn, hours, seed,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            simulations,
            new ChordExperiment
            {
                Nodes = parsed.GetValue(nodes) ?? defaults.Nodes,
                VirtualNodes = parsed.GetValue(virtualNodes) ?? defaults.VirtualNodes,
                Base = parsed.GetValue(fingerBase) ?? defaults.Base,
                Routing = parsed.GetValue(routing) is Full ? Routing.Full : Routing.Fingers,
                Successors = parsed.GetValue(successors),
                Lookups = parsed.GetValue(lookups) ?? defaults.Lookups,
                Keys = parsed.GetValue(keys) ?? defaults.Keys,
                Fail = parsed.GetValue(fail) ?? defaults.Fail,
                Churn = parsed.GetValue(churn) ?? defaults.Churn,
                Hours = parsed.GetValue(hours),
                Seed = parsed.GetValue(seed),
            },
            options.IsJson(parsed),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliConsole console, Simulations simulations, ChordExperiment experiment, bool json, CancellationToken cancellationToken)
    {
        if (simulations.Check(experiment) is { } misuse)
        {
            return console.Fail(new Failure(misuse, ExitCodes.Usage), "p2pcloud simulate chord --help");
        }

        ChordReport report;
        using (var bar = new ProgressBar(console, "simulating"))
        {
            report = await SimulateCommand.OnWorkerAsync(() => simulations.Run(experiment, bar, cancellationToken), cancellationToken);
        }

        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(report, SimulateJsonContext.Default.ChordReport));
        }
        else
        {
            ReportText.Write(console, report);
        }

        return ExitCodes.Ok;
    }

    /// <summary>The bounds are the simulator's to check.</summary>
    private static Option<int?> Count(string name, string description, int? ifAbsent = null) =>
        Values.Integer(name, description, 0, int.MaxValue, ifAbsent);
}
