using System.Collections.Concurrent;
using System.Diagnostics;

namespace P2PCloud.Chart.Tests;

/// <summary>What one run of helm answered.</summary>
internal sealed record HelmRun(int ExitCode, string Output, string Error);

/// <summary>
/// The program helm, which the environment variable HELM names, or which is in PATH. What it rendered is kept: every run costs time.
/// </summary>
internal static class Helm
{
    private static readonly ConcurrentDictionary<string, Lazy<HelmRun>> Runs = new();

    private static readonly ConcurrentDictionary<string, Lazy<Manifests>> Parsed = new();

    /// <summary>Folder of the chart.</summary>
    public static string Chart { get; } = Path.Combine(Repository.Root, "charts", "p2pcloud");

    /// <summary>Renders the chart as <c>helm template demo</c> with further arguments.</summary>
    public static HelmRun Template(params string[] arguments) => Run(["template", "demo", Chart, "--namespace", "p2p", .. arguments]);

    /// <summary>The rendered documents.</summary>
    public static Manifests Render(params string[] arguments)
    {
        var run = Template(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return Parsed.GetOrAdd(string.Join('\n', arguments), _ => new Lazy<Manifests>(() => Manifests.Parse(run.Output))).Value;
    }

    /// <summary>Any command of helm; skips the test where there is no helm.</summary>
    public static HelmRun Run(IReadOnlyList<string> arguments)
    {
        var program = Tool.Find("helm");
        return Runs.GetOrAdd(string.Join('\n', arguments), _ => new Lazy<HelmRun>(() => Start(program, arguments))).Value;
    }

    private static HelmRun Start(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Task.WaitAll(output, error);
        process.WaitForExit();
        return new HelmRun(process.ExitCode, output.Result, error.Result);
    }
}
