using System.CommandLine;
using P2PCloud.Cli.Output;

namespace P2PCloud.Cli.Commands;

/// <summary><c>topology</c>: who is there and who knows whom.</summary>
internal static class TopologyCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var command = new Command("topology", "Show peers, the Chord ring, Gnutella links and KaZaA groups");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var reply = await gateway.TopologyAsync(cancellationToken);
                if (reply is not { Value: { } topology })
                {
                    return console.Fail(reply.Failure!);
                }

                if (options.IsJson(parsed))
                {
                    console.Out.WriteLine(topology.Json);
                }
                else
                {
                    TopologyText.Write(console, topology.Value);
                }

                return ExitCodes.Ok;
            }
        });
        return command;
    }
}
