using System.CommandLine;
using System.Globalization;
using P2PCloud.Cli.Compare;
using P2PCloud.Cli.Output;
using P2PCloud.Cli.Simulate;
using P2PCloud.Simulation.Comparison;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Commands;

/// <summary><c>compare</c>: the four techniques on the same files and queries, in the simulator or in a running cloud.</summary>
internal static class CompareCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options, Simulations simulations)
    {
        var defaults = new ComparisonSettings();
        var simulate = new Option<bool>("--simulate") { Description = "In the simulator; else in the running cloud" };
        var nodes = Values.Integer("--nodes", $"Peers, with --simulate, default {defaults.Nodes}", 0, int.MaxValue);
        var largest = Values.Integer(
            "--largest", $"Largest size of the curves, with --simulate, default {ComparisonSettings.NodesMax}", ComparisonSettings.NodesMin, ComparisonSettings.NodesMax);
        var files = Values.Integer("--files", $"Different files, default {defaults.Files}", 0, int.MaxValue);
        var queries = Values.Integer("--queries", $"Searches by each technique and mode, default {defaults.Queries}", 0, int.MaxValue);
        var popularity = new Option<string?>("--popularity") { Description = $"Which files are asked for, default {defaults.Popularity}", HelpName = "zipf:S|uniform" };
        var replicas = Values.Integer("--replicas", $"Peers that share each file, default {defaults.Replicas}", 0, int.MaxValue);
        var churn = SimulateCommand.Number("--churn", "Joins per second, and as many leaves, of one more run each; with --simulate", "R");
        var seed = SimulateCommand.Seed();
        var folder = OutputFolder.Option("Folder for the page, the JSON and the CSV");
        var command = new Command("compare", "Compare the four techniques on the same files and queries")
        {
            simulate, nodes, largest, files, queries, popularity, replicas, churn, seed, folder,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(popularity) is { } text && !Popularity.TryParse(text, out _))
            {
                return Misused(console, $"--popularity is uniform or zipf:S with S from 0 to 3, not '{text}'");
            }

            var inSimulator = parsed.GetValue(simulate);
            var settings = defaults with
            {
                Nodes = parsed.GetValue(nodes) ?? defaults.Nodes,
                Sizes = ComparisonSettings.SizesTo(parsed.GetValue(largest) ?? ComparisonSettings.NodesMax),
                Files = parsed.GetValue(files) ?? defaults.Files,
                Queries = parsed.GetValue(queries) ?? defaults.Queries,
                Replicas = parsed.GetValue(replicas) ?? defaults.Replicas,
                Popularity = parsed.GetValue(popularity) is { } chosen && Popularity.TryParse(chosen, out var known) ? known : defaults.Popularity,
                Churn = parsed.GetValue(churn) ?? 0,
                Seed = parsed.GetValue(seed),
            };
            if ((inSimulator ? null : parsed.GetValue(nodes) is not null ? "--nodes" : parsed.GetValue(churn) is not null ? "--churn" : parsed.GetValue(largest) is not null ? "--largest" : null) is { } only)
            {
                return Misused(console, $"{only} is for --simulate: a running cloud has the peers that it has");
            }

            if (settings.Check() is { } misuse)
            {
                return Misused(console, misuse);
            }

            return await RunAsync(console, options, parsed, simulations, settings, inSimulator, parsed.GetRequiredValue(folder), cancellationToken);
        });
        return command;
    }

    private static int Misused(CliConsole console, string misuse) =>
        console.Fail(new Failure(misuse, ExitCodes.Usage), "p2pcloud compare --help");

    private static async Task<int> RunAsync(
        CliConsole console,
        GlobalOptions options,
        ParseResult parsed,
        Simulations simulations,
        ComparisonSettings settings,
        bool inSimulator,
        string folder,
        CancellationToken cancellationToken)
    {
        try
        {
            // Before the work: a folder that cannot be made should not cost minutes.
            Directory.CreateDirectory(folder);
            var reply = inSimulator
                ? await SimulateAsync(console, simulations, settings, cancellationToken)
                : await AskAsync(console, options, parsed, settings, cancellationToken);
            if (reply.Value is not { } report)
            {
                return console.Fail(reply.Failure!);
            }

            CompareFiles.Write(folder, report, CommandOf(settings, inSimulator));
            if (options.IsJson(parsed))
            {
                console.Out.WriteLine(CompareFiles.Json(report));
            }
            else
            {
                CompareText.Write(console, report);
                console.Note($"page: {Path.Combine(folder, CompareFiles.Page)}");
            }

            return ExitCodes.Ok;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return console.Fail(new Failure($"the comparison cannot be written: {failure.Message}"));
        }
    }

    private static async Task<Reply<ComparisonReport>> SimulateAsync(
        CliConsole console, Simulations simulations, ComparisonSettings settings, CancellationToken cancellationToken)
    {
        using var bar = new ProgressBar(console, "comparing");
        return await SimulateCommand.OnWorkerAsync(
            () => TechniqueComparison.Run(settings, simulations.Search, bar, cancellationToken), cancellationToken);
    }

    private static async Task<Reply<ComparisonReport>> AskAsync(
        CliConsole console, GlobalOptions options, ParseResult parsed, ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var connected = options.Connect(parsed);
        if (connected is not { Value: { } gateway })
        {
            return connected.Failure!;
        }

        using (gateway)
        {
            return await new CloudComparison(console, gateway, settings).RunAsync(cancellationToken);
        }
    }

    private static string CommandOf(ComparisonSettings settings, bool inSimulator) => string.Create(
        CultureInfo.InvariantCulture,
        $"p2pcloud compare {(inSimulator ? $"--simulate --nodes {settings.Nodes} --largest {settings.Sizes[^1]} " : "")}--files {settings.Files} --queries {settings.Queries} "
        + $"--popularity {settings.Popularity} --replicas {settings.Replicas}{(settings.Churn > 0 ? $" --churn {settings.Churn}" : "")} --seed {settings.Seed}");
}
