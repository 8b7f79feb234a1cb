using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace P2PCloud.TestTools;

/// <summary>
/// A program that the SDK does not bring: in PATH, or named by the variable of its name in capitals, such as HELM. A test that needs it is skipped
/// where it is not.
/// </summary>
internal static class Tool
{
    /// <summary>Set where a missing program is a failure, as in CI; else the tests skip and say why.</summary>
    private const string Required = "P2PCLOUD_TOOLS_REQUIRE";

    /// <summary>The path of a program; skips the test where there is none.</summary>
    public static string Find(string name)
    {
        var file = TryFind(name);
        Demand(file is not null, $"{name} is neither in PATH nor named by the environment variable {name.ToUpperInvariant()}.");
        return file;
    }

    /// <summary>The path of a program; null where there is none.</summary>
    public static string? TryFind(string name)
    {
        if (Environment.GetEnvironmentVariable(name.ToUpperInvariant()) is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Skips the test, or fails it where it must run, when something is missing.</summary>
    /// <param name="isThere">Whether nothing is.</param>
    /// <param name="missing">What is missing otherwise.</param>
    public static void Demand([DoesNotReturnIf(false)] bool isThere, string missing)
    {
        if (!isThere && Environment.GetEnvironmentVariable(Required) is { Length: > 0 })
        {
            Assert.Fail($"{missing} {Required} is set.");
        }

        Assert.SkipUnless(isThere, missing);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var limit = TestContext.Current.CancellationToken;
        var written = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit), process.StandardError.ReadToEndAsync(limit));
        await process.WaitForExitAsync(limit);
        return (process.ExitCode, string.Concat(written));
    }
}
