using P2PCloud.Cli.Output;

namespace P2PCloud.Cli;

/// <summary>What the command sees of the process that it runs in.</summary>
/// <param name="Out">Data.</param>
/// <param name="Error">Progress and errors.</param>
public sealed record CliConsole(TextWriter Out, TextWriter Error)
{
    /// <summary>Name of the environment variable with the gateway's address.</summary>
    public const string GatewayVariable = "P2PCLOUD_GATEWAY";

    /// <summary>A person reads <see cref="Out"/>: aligned tables, sizes in words.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>A person reads <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Colour and animation are wanted, where a person reads.</summary>
    public bool Colour { get; init; }

    /// <summary>Characters in a line of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>The value of <see cref="GatewayVariable"/>.</summary>
    public string? Gateway { get; init; }

    /// <summary>Opens the stream under <see cref="Out"/> for bytes; null where there is none.</summary>
    public Func<Stream>? OpenBytes { get; init; } = Out is StreamWriter writer ? () => writer.BaseStream : null;

    /// <summary>Opens the input for bytes; empty unless there is one.</summary>
    public Func<Stream> OpenInput { get; init; } = () => Stream.Null;

    /// <summary>Clock of retries and of progress.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The console of this process. NO_COLOR (not empty) and TERM=dumb switch colour and animation off.</summary>
    public static CliConsole OfProcess()
    {
        var terminal = !Console.IsOutputRedirected || !Console.IsErrorRedirected;
        return new CliConsole(Console.Out, Console.Error)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Colour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not "dumb",
            Width = terminal && Console.WindowWidth is > 0 and var width ? width : 80,
            Gateway = Environment.GetEnvironmentVariable(GatewayVariable),
            OpenBytes = Console.OpenStandardOutput,
            OpenInput = Console.OpenStandardInput,
        };
    }

    internal int Fail(Failure failure, string? hint = null)
    {
        Error.WriteLine($"p2pcloud: {Printable.Line(failure.Message)}");
        if (hint is not null)
        {
            Error.WriteLine($"hint: {hint}");
        }

        return failure.ExitCode;
    }
}
