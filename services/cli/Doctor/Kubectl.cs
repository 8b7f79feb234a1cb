using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>The program that asks a cluster.</summary>
internal sealed class Kubectl(string program)
{
    /// <summary>The pods of a namespace, as <c>kubectl get pods --output json</c> prints them.</summary>
    public async Task<Reply<JsonDocument>> PodsAsync(string space, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["get", "pods", "--namespace", space, "--output", "json"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? JsonDocument.Parse(await output)
                : new Failure($"kubectl: {(await errors).Trim().Split('\n')[0]}");
        }
        catch (Exception failure) when (failure is Win32Exception or JsonException)
        {
            return new Failure($"kubectl: {failure.Message}");
        }
    }
}
