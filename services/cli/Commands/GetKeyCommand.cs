using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Downloads;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;

namespace P2PCloud.Cli.Commands;

/// <summary><c>get-key KEY</c>: reads a key of the Chord ring.</summary>
internal static class GetKeyCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var key = KeyOptions.Key();
        var file = new Option<string?>("--file", "-o") { Description = "Where the bytes go, else to stdout", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        var consistency = KeyOptions.Consistency();
        var from = KeyOptions.From();
        var command = new Command("get-key", "Read a key of the Chord ring") { key, file, force, consistency, from };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = parsed.GetValue(file) is { } given and not FetchRequest.StandardOutput ? Path.GetFullPath(given) : null;
            if (target is not null && Path.Exists(target) && !parsed.GetValue(force))
            {
                return console.Fail(new Failure($"{target} exists; --force replaces it"));
            }

            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var name = parsed.GetRequiredValue(key);
                var reply = await gateway.ReadKeyAsync(name, parsed.GetRequiredValue(consistency), parsed.GetValue(from), cancellationToken);
                return reply.Value is { } value
                    ? await WriteAsync(console, name, value, target, options.IsJson(parsed), cancellationToken)
                    : console.Fail(reply.Failure!);
            }
        });
        return command;
    }

    private static async Task<int> WriteAsync(
        CliConsole console, string key, KeyValue read, string? target, bool json, CancellationToken cancellationToken)
    {
        try
        {
            if (target is not null)
            {
                await using var stored = TargetFile.Open(target, overwrite: true);
                await stored.Bytes.WriteAsync(read.Value, cancellationToken);
                await stored.KeepAsync();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return console.Fail(new Failure($"cannot write {target}: {failure.Message}"));
        }

        if (json)
        {
            var document = new ReadKey(
                key, read.Version, read.Value.Length, target is null ? read.Value : null, target, read.Expiry, read.Owner, read.Copies, read.Hops);
            console.Out.WriteLine(JsonSerializer.Serialize(document, KeysJsonContext.Default.ReadKey));
            return ExitCodes.Ok;
        }

        if (target is null)
        {
            if (console.OpenBytes is not { } open)
            {
                return console.Fail(new Failure("get-key needs a stdout that takes bytes, or --file", ExitCodes.Usage));
            }

            await console.Out.FlushAsync(cancellationToken);
            var output = open();
            await output.WriteAsync(read.Value, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        else
        {
            console.Out.WriteLine(Printable.Line(target));
        }

        return ExitCodes.Ok;
    }
}
