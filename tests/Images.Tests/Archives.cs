using System.Diagnostics;

namespace P2PCloud.Images.Tests;

/// <summary>Images for two processors, as <c>services/images.sh</c> writes them into archives on an empty base: no registry is asked.</summary>
public sealed class Archives : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcloud-images-").FullName;
    private string? _missing;

    /// <summary>Those built here: the smallest one with native code, and the one with most of it.</summary>
    public static TheoryData<string> Services => ["peer", "cli"];

    private static string Root { get; } = FindRoot();

    /// <summary>A service's image. Skips the test where no program is there that can build it.</summary>
    public OciArchive Of(string service)
    {
        Engine.Demand(_missing);
        return OciArchive.Read(Path.Combine(_folder, $"{service}.tar"));
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = await IsThereAsync("buildah", "--version") ? "buildah" : await CanBuildxAsync() ? "buildx" : null;
        if (builder is null)
        {
            _missing = "Neither buildah is there nor docker's buildx with a builder of its own (docker buildx create --use).";
            return;
        }

        if (!File.Exists(Path.Combine(Root, "services", "cli", "bin", "Release", "net10.0", "p2pcloud.dll")))
        {
            _missing = "The services are not built for Release: run make images.";
            return;
        }

        // Images of a test are no business of the machine's store.
        var storage = Path.Combine(_folder, "storage.conf");
        await File.WriteAllTextAsync(storage, $"""
            [storage]
            driver = "vfs"
            graphroot = "{_folder}/root"
            runroot = "{_folder}/run"
            """);
        var (code, output) = await RunAsync(Path.Combine(Root, "services", "images.sh"), [], new Dictionary<string, string?>
        {
            ["SERVICES"] = string.Join(' ', Services.Select(row => row.Data)),
            ["PLATFORMS"] = "linux/amd64,linux/arm64",
            ["OCI"] = _folder,
            ["BASE"] = "scratch",
            ["BUILDER"] = builder,
            ["CONTAINERS_STORAGE_CONF"] = storage,
        });
        Assert.True(code == 0, output);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Docker's default builder writes no archives.</summary>
    private static async Task<bool> CanBuildxAsync() =>
        await IsThereAsync("docker", "buildx", "version")
        && (await RunAsync("docker", ["buildx", "inspect"], [])).Output.Contains("docker-container", StringComparison.Ordinal);

    private static async Task<bool> IsThereAsync(string program, params string[] arguments)
    {
        try
        {
            return (await RunAsync(program, arguments, [])).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, string.Join('\n', output));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "P2PCloud.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
