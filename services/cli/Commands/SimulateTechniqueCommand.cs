using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Simulate;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Commands;

/// <summary><c>simulate napster|gnutella|kazaa</c>: searches for files on a simulated overlay.</summary>
internal static class SimulateTechniqueCommand
{
    public static IEnumerable<Command> Describe(CliConsole console, GlobalOptions options, Simulations simulations) =>
    [
        Describe(Techniques.Napster, "Search for files by a simulated central directory and measure", console, options, simulations),
        Describe(Techniques.Gnutella, "Search for files by floods or walks among simulated servents and measure", console, options, simulations),
        Describe(Techniques.Kazaa, "Search for files by simulated group leaders and measure", console, options, simulations),
    ];

    private static Command Describe(string technique, string description, CliConsole console, GlobalOptions options, Simulations simulations)
    {
        var defaults = new LookupExperiment();
        var nodes = Values.Integer("--nodes", $"Peers, default {defaults.Nodes}", 0, int.MaxValue);
        var lookups = Values.Integer("--lookups", $"Searches, default {defaults.Lookups}", 0, int.MaxValue);
        var keys = Values.Integer("--keys", $"Different files, default {defaults.Files}", 0, int.MaxValue);
        var replicas = Values.Integer("--replicas", $"Peers that share each file, default {defaults.Replicas}", 0, int.MaxValue);
        var fail = SimulateCommand.Number("--fail", "Probability that a peer has failed when the searches begin", "F");
        var churn = SimulateCommand.Number("--churn", "Joins per second, and as many leaves", "R");
        var hours = SimulateCommand.Number("--hours", "Simulated time of churn, one search a second", "H");
        var seed = SimulateCommand.Seed();
        var command = new Command(technique, description) { nodes, lookups, keys, replicas, fail, churn, hours, seed };
        var mode = Values.OneOf("--mode", "How a search travels, default flood", [.. LookupModes.WordsOf(Techniques.Gnutella)]);
        var ttl = Values.Integer("--ttl", "TTL of floods", 0, int.MaxValue);
        var degree = Values.Integer("--degree", "Links that a servent or group leader keeps up", 0, int.MaxValue);
        var leaders = Values.Integer("--leaders", "Group leaders, default one for 32 peers", 0, int.MaxValue);
        Option[] own = technique switch
        {
            Techniques.Gnutella => [mode, ttl, degree],
            Techniques.Kazaa => [ttl, degree, leaders],
            _ => [],
        };
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            simulations,
            new LookupExperiment
            {
                Technique = technique,
                Mode = own.Contains(mode) ? LookupModes.Find(technique, parsed.GetValue(mode)) ?? LookupMode.Default : LookupMode.Default,
                Nodes = parsed.GetValue(nodes) ?? defaults.Nodes,
                Lookups = parsed.GetValue(lookups) ?? defaults.Lookups,
                Files = parsed.GetValue(keys) ?? defaults.Files,
                Replicas = parsed.GetValue(replicas) ?? defaults.Replicas,
                Fail = parsed.GetValue(fail) ?? defaults.Fail,
                Churn = parsed.GetValue(churn) ?? defaults.Churn,
                Hours = parsed.GetValue(hours),
                Ttl = own.Contains(ttl) ? parsed.GetValue(ttl) : null,
                Degree = own.Contains(degree) ? parsed.GetValue(degree) : null,
                Leaders = own.Contains(leaders) ? parsed.GetValue(leaders) : null,
                Seed = parsed.GetValue(seed),
            },
            options.IsJson(parsed),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CliConsole console, Simulations simulations, LookupExperiment experiment, bool json, CancellationToken cancellationToken)
    {
        if (experiment.Check() is { } misuse)
        {
            return console.Fail(new Failure(misuse, ExitCodes.Usage), $"p2pcloud simulate {experiment.Technique} --help");
        }

        LookupReport report;
        using (var bar = new ProgressBar(console, "simulating"))
        {
            report = await SimulateCommand.OnWorkerAsync(() => simulations.Search(experiment, bar, cancellationToken), cancellationToken);
        }

        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(report, SimulateJsonContext.Default.LookupReport));
        }
        else
        {
            LookupReportText.Write(console, report);
        }

        return ExitCodes.Ok;
    }
}
