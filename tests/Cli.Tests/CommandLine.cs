using System.Text;

namespace P2PCloud.Cli.Tests;

/// <summary>What one run of the command left behind.</summary>
internal sealed record Outcome(int ExitCode, byte[] Bytes, string Error)
{
    public string Out => Encoding.UTF8.GetString(Bytes);

    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the command as the shell would.</summary>
internal static class CommandLine
{
    public static Task<Outcome> RunAsync(FakeGateway gateway, params string[] args) => RunAsync([.. args, "--gateway", gateway.Address]);

    public static Task<Outcome> RunAsync(params string[] args) => RunAsync(args, console => console);

    public static Task<Outcome> RunAsync(string[] args, Func<CliConsole, CliConsole> adjust) =>
        RunUntilAsync(args, adjust, TestContext.Current.CancellationToken);

    public static async Task<Outcome> RunUntilAsync(string[] args, Func<CliConsole, CliConsole> adjust, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using var output = new StreamWriter(bytes, new UTF8Encoding(false)) { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await Cli.RunAsync(args, adjust(new CliConsole(output, error)), cancellationToken);
        return new Outcome(exitCode, bytes.ToArray(), error.ToString());
    }
}
