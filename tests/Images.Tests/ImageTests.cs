using System.Formats.Tar;
using Docker.DotNet.Models;

namespace P2PCloud.Images.Tests;

/// <summary>What is in the images.</summary>
public sealed class ImageTests(Engine engine) : IClassFixture<Engine>
{
    private const long Mega = 1_000_000;

    private static readonly string[] Unwanted = [".pdb", ".cs", ".csproj", ".sln", ".xml"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => Engine.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_image_says_what_it_is_and_runs_without_root(string service)
    {
        var image = await engine.Client.Images.InspectImageAsync(Engine.ImageOf(service), Token);

        Assert.Equal("1654:1654", image.Config?.User);
        var labels = image.Config!.Labels!;
        Assert.Equal($"p2pcloud/{service}", labels["org.opencontainers.image.title"]);
        Assert.Equal(Engine.Version, labels["org.opencontainers.image.version"]);
        Assert.Equal("MIT", labels["org.opencontainers.image.licenses"]);
        Assert.Equal("P2PCloud", labels["org.opencontainers.image.vendor"]);
        Assert.Matches("^[0-9a-f]{40}$", labels["org.opencontainers.image.revision"]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_image_holds_no_SDK_no_sources_no_documents_of_code_and_nothing_for_development(string service)
    {
        var files = (await FilesAsync(service)).Select(file => file.Name).ToList();

        Assert.Contains(files, file => file.StartsWith("app/P2PCloud.Contracts.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Contains("/dotnet/sdk/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.StartsWith("app/", StringComparison.Ordinal)
            && (Unwanted.Contains(Path.GetExtension(file)) || file.Contains("Tests", StringComparison.Ordinal)
                || Path.GetFileName(file) == "appsettings.Development.json"));
    }

    /// <summary>Twice what services/images.sh prints today: a package that drags much along shows.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task An_image_is_small_above_its_base(string service)
    {
        var bytes = (await FilesAsync(service)).Where(file => file.Name.StartsWith("app/", StringComparison.Ordinal)).Sum(file => file.Length);

        Assert.InRange(bytes, 1 * Mega, (service == "cli" ? 150 : 16) * Mega);
    }

    private async Task<List<(string Name, long Length)>> FilesAsync(string service)
    {
        var container = await engine.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = Engine.ImageOf(service) }, Token);
        try
        {
            await using var archive = await engine.Client.Containers.ExportContainerAsync(container.ID, Token);
            await using var reader = new TarReader(archive);
            var files = new List<(string Name, long Length)>();
            while (await reader.GetNextEntryAsync(copyData: false, Token) is { } entry)
            {
                files.Add((entry.Name, entry.Length));
            }

            return files;
        }
        finally
        {
            await engine.Client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true }, Token);
        }
    }
}
