using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using P2PCloud.Cli.Commands;
using P2PCloud.Cli.Simulate;

namespace P2PCloud.Cli;

/// <summary>The <c>p2pcloud</c> command.</summary>
public static class Cli
{
    /// <summary>Runs one command line outside a terminal; the gateway's address may come from the environment.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter stdout, TextWriter stderr, CancellationToken cancellationToken) =>
        RunAsync(
            args,
            new CliConsole(stdout, stderr) { Gateway = Environment.GetEnvironmentVariable(CliConsole.GatewayVariable) },
            cancellationToken);

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] args, CliConsole console, CancellationToken cancellationToken) =>
        RunAsync(args, console, Simulations.Real, cancellationToken);

    /// <summary>Runs one command line with a given simulator.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliConsole console, Simulations simulations, CancellationToken cancellationToken)
    {
        // A word may begin with '@': it never names a response file.
        var parsed = Describe(console, simulations).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Misuse.In(parsed) is { } misuse)
        {
            return console.Fail(new Failure(misuse, ExitCodes.Usage), $"{PathOf(parsed)} --help");
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = console.Out,
                    Error = console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return console.Fail(new Failure("interrupted", ExitCodes.Interrupted));
        }
        finally
        {
            await console.Out.FlushAsync(CancellationToken.None);
        }
    }

    private static RootCommand Describe(CliConsole console, Simulations simulations)
    {
        var options = new GlobalOptions(console);
        var root = new RootCommand("Share, find and fetch files through Napster, Gnutella, KaZaA and Chord, side by side; keep values under keys on the Chord ring.")
        {
            UpCommand.Describe(console, options),
            ShareCommand.Describe(console, options),
            FindCommand.Describe(console, options),
            GetCommand.Describe(console, options),
            PutCommand.Describe(console, options),
            GetKeyCommand.Describe(console, options),
            DeleteCommand.Describe(console, options),
            TopologyCommand.Describe(console, options),
            DoctorCommand.Describe(console, options),
            SimulateCommand.Describe(console, options, simulations),
            CompareCommand.Describe(console, options, simulations),
            CompletionCommand.Describe(console),
        };
        options.AddTo(root);
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h"));
        return root;
    }

    private static string PathOf(ParseResult parsed)
    {
        var path = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            path = $" {command.Command.Name}{path}";
        }

        return $"p2pcloud{path}";
    }
}
