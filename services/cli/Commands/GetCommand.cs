using System.CommandLine;
using P2PCloud.Cli.Downloads;

namespace P2PCloud.Cli.Commands;

/// <summary><c>get CONTENTID</c>: fetches a file from a peer that shares it.</summary>
internal static class GetCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var id = new Argument<string>("CONTENTID") { Description = "SHA-256 of the content, as find prints it" };
        id.Validators.Add(result =>
        {
            if (ContentIds.Parse(result.Tokens[0].Value) is null)
            {
                result.AddError($"a content id has 64 hexadecimal digits, as find prints it: not '{result.Tokens[0].Value}'");
            }
        });
        var file = new Option<string?>("--file", "-o")
        {
            Description = "Where to: a file, a folder, or - for stdout; else the shared name in the working folder",
            HelpName = "FILE",
        };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        var command = new Command("get", "Fetch a file and check its SHA-256") { id, file, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(file) is FetchRequest.StandardOutput && Refusal(console, options.IsJson(parsed)) is { } refusal)
            {
                return console.Fail(refusal);
            }

            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var asked = new FetchRequest(ContentIds.Parse(parsed.GetRequiredValue(id))!, parsed.GetValue(file), parsed.GetValue(force));
                return await new Fetch(console, gateway, asked).RunAsync(options.IsJson(parsed), cancellationToken);
            }
        });
        return command;
    }

    private static Failure? Refusal(CliConsole console, bool json) => (json, console.OpenBytes) switch
    {
        (true, _) => new Failure("-o - writes the bytes to stdout, where --output json would write too: choose one", ExitCodes.Usage),
        (_, null) => new Failure("-o - needs a stdout that takes bytes", ExitCodes.Usage),
        _ => null,
    };
}
