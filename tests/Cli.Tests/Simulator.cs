using System.Text;
using P2PCloud.Cli.Simulate;
using P2PCloud.Simulation.Chord;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Tests;

/// <summary>Runs the command with a simulator that answers at once.</summary>
internal static class Simulator
{
    /// <summary>A simulator that accepts every experiment and always measures the same.</summary>
    public static Simulations Reporting(Action<ChordExperiment>? asked = null) => new(
        _ => null,
        (experiment, progress, _) =>
        {
            asked?.Invoke(experiment);
            progress?.Report(0.5);
            return ReportOf(experiment);
        },
        LookupSimulation.Run);

    public static Task<Outcome> RunAsync(string[] args, Simulations simulations) =>
        RunUntilAsync(args, simulations, console => console, TestContext.Current.CancellationToken);

    public static async Task<Outcome> RunUntilAsync(
        string[] args, Simulations simulations, Func<CliConsole, CliConsole> adjust, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using var output = new StreamWriter(bytes, new UTF8Encoding(false)) { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await Cli.RunAsync(args, adjust(new CliConsole(output, error)), simulations, cancellationToken);
        return new Outcome(exitCode, bytes.ToArray(), error.ToString());
    }

    private static ChordReport ReportOf(ChordExperiment experiment) => new(
        experiment.Nodes,
        experiment.Lookups,
        new Distribution(4.93, 1, 5, 9),
        new Distribution(5.93, 2, 6, 10),
        new Mean(0.25),
        Failures: 0,
        Messages: 123_456,
        new Mean(12.5),
        new Load(0, 1, 5, 9),
        Events: 200_000,
        WallSeconds: 1.5,
        PeakRssMB: 99.5,
        experiment.Seed,
        "abc123")
    {
        ForwardsHistogram = [0, 10, 20, 10],
    };
}
