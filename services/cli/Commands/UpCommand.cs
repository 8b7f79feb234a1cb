using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using P2PCloud.Cli.Output;
using P2PCloud.Local;

namespace P2PCloud.Cli.Commands;

/// <summary><c>up</c>: the whole cloud in this process, until Ctrl-C.</summary>
internal static partial class UpCommand
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var defaults = new LocalCloudOptions();
        var peers = Values.Integer("--peers", "Ordinary peers", 1, 256, defaults.Peers);
        var supernodes = Values.Integer("--supernodes", "KaZaA group leaders", 1, 64, defaults.Supernodes);
        var virtualNodes = Values.Integer("--virtual-nodes", "Chord nodes of each peer", 1, 64, defaults.VirtualNodes);
        var port = Values.Integer("--port", "Port of the gateway; 0 takes a free one", 0, 65535, defaults.Port);
        var share = new Option<string?>("--share") { Description = "Folder whose files the peers share", HelpName = "DIR" };
        share.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } folder && !Directory.Exists(folder))
            {
                result.AddError($"--share: no such folder: {folder}");
            }
        });
        var data = new Option<string?>("--data") { Description = "Folder where the peers keep their keys, else in memory", HelpName = "DIR" };
        data.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } folder && (folder.Length is 0 || File.Exists(folder)))
            {
                result.AddError($"--data: no folder: '{folder}'");
            }
        });
        var redis = new Option<string?>("--redis") { Description = "A Redis server, else an embedded one", HelpName = "HOST:PORT" };
        redis.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } address && !HostAndPort().IsMatch(address))
            {
                result.AddError($"--redis is HOST:PORT, not '{address}'");
            }
        });
        var command = new Command("up", "Run the whole cloud on this machine") { peers, supernodes, virtualNodes, port, share, data, redis };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            new LocalCloudOptions
            {
                Peers = parsed.GetValue(peers) ?? defaults.Peers,
                Supernodes = parsed.GetValue(supernodes) ?? defaults.Supernodes,
                VirtualNodes = parsed.GetValue(virtualNodes) ?? defaults.VirtualNodes,
                Port = parsed.GetValue(port) ?? defaults.Port,
                ShareFolder = parsed.GetValue(share) is { } folder ? Path.GetFullPath(folder) : null,
                DataFolder = parsed.GetValue(data) is { } keys ? Path.GetFullPath(keys) : null,
                Redis = parsed.GetValue(redis),
            },
            options.IsJson(parsed),
            cancellationToken));
        return command;
    }

    /// <returns>0 also after Ctrl-C: it is how a cloud that is up ends.</returns>
    private static async Task<int> RunAsync(CliConsole console, LocalCloudOptions options, bool json, CancellationToken cancellationToken)
    {
        try
        {
            using var telemetry = await LocalTelemetry.StartAsync(cancellationToken);
            await using var cloud = await LocalCloud.StartAsync(options, new StartProgress(console), cancellationToken);
            if (!json)
            {
                CloudText.WriteServices(console, cloud.Services);
            }

            await cloud.WaitUntilReadyAsync(cancellationToken);
            CloudText.WriteReady(console, cloud, json);
            await console.Out.FlushAsync(cancellationToken);
            await UntilAsync(cancellationToken);
            await console.Error.WriteLineAsync("stopping");
            using var deadline = new CancellationTokenSource(StopTime);
            await cloud.StopAsync(deadline.Token);
            await telemetry.StopAsync(deadline.Token);
            await console.Error.WriteLineAsync("stopped");
            return ExitCodes.Ok;
        }
        catch (OptionsValidationException failure)
        {
            return console.Fail(new Failure($"the cloud cannot start: {string.Join("; ", failure.Failures)}", ExitCodes.Usage));
        }
        catch (IOException failure)
        {
            return console.Fail(new Failure($"the cloud cannot start: {failure.GetBaseException().Message}"));
        }
    }

    private static async Task UntilAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
    }

    [GeneratedRegex(@"^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$")]
    private static partial Regex HostAndPort();

    private sealed class StartProgress(CliConsole console) : IProgress<string>
    {
        public void Report(string value) => console.Error.WriteLine(Printable.Line(value));
    }
}
