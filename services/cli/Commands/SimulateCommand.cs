using System.CommandLine;
using System.Globalization;
using System.Runtime;
using P2PCloud.Cli.Simulate;

namespace P2PCloud.Cli.Commands;

/// <summary><c>simulate</c>: experiments in virtual time, without a cloud.</summary>
internal static class SimulateCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options, Simulations simulations)
    {
        var command = new Command("simulate", "Run experiments in virtual time, without a cloud");
        Command[] all =
        [
            .. SimulateTechniqueCommand.Describe(console, options, simulations),
            SimulateChordCommand.Describe(console, options, simulations),
            SimulateFiguresCommand.Describe(console, options, simulations),
            SoakCommand.Describe(console, options),
        ];
        foreach (var one in all)
        {
            command.Add(one);
        }

        return command;
    }

    /// <summary>The option that makes a run repeatable.</summary>
    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Everything random follows from it",
        HelpName = "S",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
            {
                result.AddError($"--seed is a whole number from 0 to {ulong.MaxValue}, not '{text}'");
            }

            return seed;
        },
    };

    /// <summary>An option that takes a number; null when it is not given.</summary>
    public static Option<double?> Number(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number))
            {
                return number;
            }

            result.AddError($"{name} is a number such as 0.5, not '{text}'");
            return null;
        },
    };

    /// <summary>Runs work of the processor on another thread; Ctrl-C does not wait until the work has noticed it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<T> OnWorkerAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        // A simulation has nobody who waits for a quick answer: collecting without a second thread takes a third less time.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        return Task.Run(work, cancellationToken).WaitAsync(cancellationToken);
    }
}
