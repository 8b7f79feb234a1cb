using System.CommandLine;
using P2PCloud.Cli.Gateway;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Commands;

/// <summary><c>put KEY VALUE</c>: writes a key of the Chord ring.</summary>
internal static class PutCommand
{
    private const string StandardInput = "-";
    private const int ValueBytesMax = 64 * 1024;

    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var key = KeyOptions.Key();
        var value = new Argument<string?>("VALUE") { Description = "The value as text, or - for the bytes of stdin", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "A file whose bytes are the value", HelpName = "FILE" };
        var ttl = Values.Integer("--ttl", "Seconds after which the value is gone, else it stays", 1, int.MaxValue);
        var ifVersion = KeyOptions.IfVersion();
        var ifAbsent = new Option<bool>("--if-absent") { Description = "Only if there is no value" };
        var consistency = KeyOptions.Consistency();
        var from = KeyOptions.From();
        var command = new Command("put", "Write a key of the Chord ring") { key, value, file, ttl, ifVersion, ifAbsent, consistency, from };
        command.Validators.Add(result =>
        {
            if (result.GetValue(value) is null == result.GetValue(file) is null)
            {
                result.AddError("give the value once: VALUE, --file FILE, or - for stdin");
            }

            if (result.GetValue(ifAbsent) && result.GetResult(ifVersion) is not null)
            {
                result.AddError("--if-version and --if-absent exclude each other");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var bytes = await ReadAsync(console, parsed.GetValue(value), parsed.GetValue(file), cancellationToken);
                if (bytes.Value is null)
                {
                    return console.Fail(bytes.Failure!);
                }

                var write = new KeyWrite(
                    parsed.GetRequiredValue(key),
                    bytes.Value,
                    parsed.GetValue(ttl),
                    parsed.GetValue(ifVersion),
                    parsed.GetValue(ifAbsent),
                    parsed.GetRequiredValue(consistency),
                    parsed.GetValue(from));
                var reply = await gateway.WriteKeyAsync(write, cancellationToken);
                return reply.Value is { } written ? Write(console, written, options.IsJson(parsed)) : console.Fail(reply.Failure!);
            }
        });
        return command;
    }

    private static int Write(CliConsole console, Document<KeyWritten> written, bool json)
    {
        var (_, version, owner, copies, hops) = written.Value;
        if (json)
        {
            console.Out.WriteLine(written.Json);
            return ExitCodes.Ok;
        }

        console.Out.WriteLine(version);
        console.Error.WriteLine($"{copies} copies, the owner is {owner ?? "not known"}, {hops} hops");
        return ExitCodes.Ok;
    }

    private static async Task<Reply<byte[]>> ReadAsync(CliConsole console, string? text, string? file, CancellationToken cancellationToken)
    {
        if (text is not null and not StandardInput)
        {
            return Bounded(System.Text.Encoding.UTF8.GetBytes(text));
        }

        try
        {
            await using var stream = file is null ? console.OpenInput() : File.OpenRead(file);
            var bytes = new byte[ValueBytesMax + 1];
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return Bounded(bytes[..count]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Failure(failure.Message);
        }
    }

    private static Reply<byte[]> Bounded(byte[] bytes) => bytes.Length <= ValueBytesMax
        ? bytes
        : new Failure($"a value has at most {ValueBytesMax} bytes", ExitCodes.Usage);
}
