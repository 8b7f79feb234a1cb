using System.Diagnostics;

namespace P2PCloud.Observability.Tests;

/// <summary>A program in PATH, or named by the variable of its name in capitals, such as HELM. A test that needs it is skipped where it is not.</summary>
internal static class Tool
{
    /// <summary>The path of a program; skips the test where there is none.</summary>
    public static string Find(string name)
    {
        var file = TryFind(name);
        Assert.SkipWhen(file is null, $"{name} is not in PATH.");
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
