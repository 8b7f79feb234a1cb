using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace P2PCloud.Cli.Doctor;

/// <summary>The program that asks a cluster.</summary>
internal sealed partial class Kubectl(string program)
{
    /// <summary>The chart's objects of some kinds in a namespace, as <c>kubectl get --output json</c> prints them.</summary>
    /// <param name="kinds">With commas between them.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task<Reply<JsonDocument>> GetAsync(string kinds, string space, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await RunAsync(
                ["get", kinds, "--namespace", space, "--selector", "app.kubernetes.io/name=p2pcloud", "--output", "json", "--request-timeout=10s"],
                cancellationToken);
            if (answer.ExitCode == 0)
            {
                return JsonDocument.Parse(answer.Output);
            }

            // Without a cluster kubectl asks port 8080 of this machine: what it says then may be the answer of the gateway there.
            var context = await RunAsync(["config", "current-context"], cancellationToken);
            return new Failure(context.ExitCode == 0 ? $"kubectl: {answer.Cause}" : $"kubectl has no cluster ({context.Cause}): {answer.Cause}");
        }
        catch (Exception failure) when (failure is Win32Exception or JsonException)
        {
            return new Failure($"kubectl: {failure.Message}");
        }
    }

    private async Task<Answer> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Answer(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private sealed partial record Answer(int ExitCode, string Output, string Errors)
    {
        /// <summary>Why there is no answer: kubectl says it last, and logs tries before and beside it.</summary>
        public string Cause =>
            Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault(line => !LogLine().IsMatch(line))
            ?? $"exit code {ExitCode}";

        [GeneratedRegex(@"^[IWEF]\d{4} \d\d:\d\d:")]
        private static partial Regex LogLine();
    }
}
