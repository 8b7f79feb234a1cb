using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;

namespace P2PCloud.Images.Tests;

/// <summary>The container engine, and the images that <c>make images</c> has left in it.</summary>
public sealed class Engine : IAsyncLifetime
{
    /// <summary>Set where a missing engine or image is a failure, as in CI; else the tests skip and say why.</summary>
    private const string Required = "P2PCLOUD_IMAGES_REQUIRE";

    private DockerClient? _client;
    private string? _missing;

    /// <summary>The images' services.</summary>
    public static TheoryData<string> Services => ["bootstrap", "directory", "supernode", "peer", "gateway"];

    /// <summary>All images.</summary>
    public static TheoryData<string> All => [.. Services.Select(row => row.Data), "cli"];

    /// <summary>Their tag: the product's version.</summary>
    public static string Version { get; } = typeof(Engine).Assembly.GetName().Version!.ToString(3);

    /// <summary>The engine's interface. Skips the test where there is none.</summary>
    public DockerClient Client
    {
        get
        {
            Demand(_missing);
            return _client!;
        }
    }

    /// <summary>Skips the test, or fails it where it must run, when something is missing.</summary>
    /// <param name="missing">What; null when nothing is.</param>
    public static void Demand(string? missing)
    {
        Assert.SkipWhen(missing is not null && Environment.GetEnvironmentVariable(Required) is null, missing ?? "");
        Assert.True(missing is null, missing);
    }

    /// <summary>An image's name.</summary>
    public static string ImageOf(string service) => $"p2pcloud/{service}:{Version}";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint)
        {
            _missing = "No container engine answers: docker info says more.";
            return;
        }

        try
        {
            _client = endpoint.GetDockerClientBuilder().Build();
            var found = await _client.Images.ListImagesAsync(new ImagesListParameters { All = true });
            var tags = found.SelectMany(image => image.RepoTags ?? []).ToHashSet();
            var absent = All.Select(row => ImageOf(row.Data)).Where(image => !tags.Contains(image)).ToList();
            _missing = absent.Count == 0 ? null : $"There is no {string.Join(", ", absent)}: run make images.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _missing = $"No container engine answers: {failure.Message}";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }
}
