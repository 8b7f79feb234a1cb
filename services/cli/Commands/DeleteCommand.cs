using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;

namespace P2PCloud.Cli.Commands;

/// <summary><c>delete KEY</c>: deletes a key of the Chord ring.</summary>
internal static class DeleteCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var key = KeyOptions.Key();
        var ifVersion = KeyOptions.IfVersion();
        var consistency = KeyOptions.Consistency();
        var from = KeyOptions.From();
        var command = new Command("delete", "Delete a key of the Chord ring") { key, ifVersion, consistency, from };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var name = parsed.GetRequiredValue(key);
                var write = new KeyWrite(
                    name, null, null, parsed.GetValue(ifVersion), false, parsed.GetRequiredValue(consistency), parsed.GetValue(from));
                if ((await gateway.WriteKeyAsync(write, cancellationToken)).Failure is { } failure)
                {
                    return console.Fail(failure);
                }

                if (options.IsJson(parsed))
                {
                    console.Out.WriteLine(JsonSerializer.Serialize(new DeletedKey(name), KeysJsonContext.Default.DeletedKey));
                }

                return ExitCodes.Ok;
            }
        });
        return command;
    }
}
