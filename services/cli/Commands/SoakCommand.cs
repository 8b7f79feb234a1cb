using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using P2PCloud.Cli.Output;
using P2PCloud.Contracts;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Cli.Commands;

/// <summary><c>simulate soak</c>: runs the fault scenarios of the techniques over many seeds, on all cores.</summary>
internal static class SoakCommand
{
    private const string All = "all";

    private static readonly string[] TechniqueWords = [Techniques.Chord, Techniques.Napster, Techniques.Gnutella, Techniques.Kazaa, All];
    private static readonly string[] KindWords = [All, .. Enum.GetNames<ScenarioKind>().Select(name => name.ToLowerInvariant())];

    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var seeds = Values.Integer("--seeds", "Seeds to run, each in every kind, default 16", 1, 1_000_000, 16);
        var first = Number("--first-seed", "First of them, else one taken from the clock");
        var seed = Number("--seed", "This one only");
        var technique = Values.OneOf("--technique", "Which overlay", TechniqueWords);
        var kind = Values.OneOf("--kind", "Which faults; byzantine is for chord only", KindWords);
        var nodes = Values.Integer("--nodes", "Peers of an overlay, default 64", 4, 1000, 64);
        var hours = new Option<double>("--hours")
        {
            Description = "Simulated hours of each run, default 1",
            HelpName = "H",
            DefaultValueFactory = _ => 1,
        };
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000))
            {
                result.AddError("--hours is a number above 0 and at most 1000");
            }
        });
        var log = new Option<string?>("--log") { Description = "Write every event of a single run there", HelpName = "FILE" };
        var command = new Command("soak", "Run fault scenarios on a simulated overlay and check its invariants")
        {
            seeds, first, seed, technique, kind, nodes, hours, log,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var start = parsed.GetValue(seed) ?? parsed.GetValue(first) ?? (ulong)console.Time.GetUtcNow().ToUnixTimeSeconds();
            var count = parsed.GetValue(seed) is not null ? 1 : parsed.GetValue(seeds)!.Value;
            var techniques = parsed.GetValue(technique) is { } name and not All ? [name] : Techniques.All;
            var only = Enum.TryParse<ScenarioKind>(parsed.GetValue(kind), ignoreCase: true, out var word) ? word : (ScenarioKind?)null;
            List<Scenario> scenarios =
            [
                .. from offset in Enumerable.Range(0, count)
                   from one in techniques
                   from faults in ScenarioKinds.Of(one)
                   where only is null || faults == only
                   select new Scenario
                   {
                       Seed = start + (ulong)offset,
                       Technique = one,
                       Kind = faults,
                       Nodes = parsed.GetValue(nodes)!.Value,
                       Hours = parsed.GetValue(hours),
                   },
            ];
            var mistake = scenarios.Count == 0 ? "--kind byzantine is for --technique chord only"
                : scenarios.Count > 1 && parsed.GetValue(log) is not null ? "--log is for one run: give --seed and --kind too"
                : null;
            if (mistake is not null)
            {
                return Task.FromResult(console.Fail(new Failure(mistake, ExitCodes.Usage)));
            }

            return Task.Run(() => Run(console, scenarios, parsed.GetValue(log), options.IsJson(parsed), cancellationToken), cancellationToken);
        });
        return command;
    }

    private static int Run(CliConsole console, List<Scenario> scenarios, string? log, bool json, CancellationToken cancellationToken)
    {
        console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seeds {scenarios[0].Seed} to {scenarios[^1].Seed}, {scenarios.Count} runs of {scenarios[0].Nodes} nodes and {scenarios[0].Hours} h"));
        var started = console.Time.GetTimestamp();
        var results = new ConcurrentBag<ScenarioResult>();
        try
        {
            using var writer = log is null ? null : new StreamWriter(log);
            Parallel.ForEach(
                Partitioner.Create(scenarios, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                scenario =>
                {
                    var result = ScenarioRun.Run(scenario, writer is null ? null : writer.WriteLine, cancellationToken);
                    results.Add(result);
                    if (result.Failed && !json)
                    {
                        lock (results)
                        {
                            console.Out.WriteLine(SoakText.Failure(result));
                        }
                    }
                });
        }
        catch (IOException failure)
        {
            return console.Fail(new Failure($"the log cannot be written: {failure.Message}"));
        }

        var elapsed = console.Time.GetElapsedTime(started);
        List<ScenarioResult> ordered = [.. results
            .OrderBy(result => result.Scenario.Seed)
            .ThenBy(result => result.Scenario.Technique, StringComparer.Ordinal)
            .ThenBy(result => result.Scenario.Kind)];
        console.Out.WriteLine(json ? SoakText.Json(ordered, elapsed) : SoakText.Summary(ordered, elapsed));
        return ordered.Exists(result => result.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static Option<ulong?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "S",
        CustomParser = result =>
        {
            if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            result.AddError($"{name} is a whole number from 0, not '{result.Tokens[0].Value}'");
            return null;
        },
    };
}
