using System.CommandLine;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;
using P2PCloud.Cli.Sharing;
using P2PCloud.Contracts;

namespace P2PCloud.Cli.Commands;

/// <summary><c>share PATH..</c>: puts files, and the files of folders, at a peer.</summary>
internal static class ShareCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, or folders with all they hold", Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Path.Exists(token.Value)))
            {
                result.AddError($"no such file or folder: {token.Value}");
            }
        });
        var peer = new Option<string?>("--peer") { Description = "Peer that shares them, else the gateway picks one", HelpName = "PEER" };
        var command = new Command("share", "Share files and folders") { paths, peer };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var run = new SharingRun(console, gateway, parsed.GetValue(peer));
                try
                {
                    return await run.ShareAsync(parsed.GetRequiredValue(paths), cancellationToken);
                }
                finally
                {
                    Write(console, run.Shared, options.IsJson(parsed));
                }
            }
        });
        return command;
    }

    private static void Write(CliConsole console, IReadOnlyList<Document<Posting>> shared, bool json)
    {
        if (json)
        {
            console.Out.WriteLine($"[{string.Join(",", shared.Select(posting => posting.Json))}]");
            return;
        }

        var table = new TextTable("content id", "size", "peer", "name");
        foreach (var (posting, _) in shared)
        {
            table.Add(posting.ContentId, console.SizeOf(posting.Size), posting.Peer, posting.Name);
        }

        table.WriteTo(console);
    }
}
