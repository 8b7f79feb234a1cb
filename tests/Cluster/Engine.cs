using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;

namespace P2PCloud.Cluster.Tests;

/// <summary>The container engine, and whether the scenarios are wanted: they take minutes.</summary>
public static class Engine
{
    /// <summary>Set to 1 by <c>make test-cluster</c>; else the scenarios skip and say so.</summary>
    public const string Wanted = "P2PCLOUD_CLUSTER";

    /// <summary>Set where a missing engine or image is a failure, as in CI; else the scenarios skip and say why.</summary>
    public const string Required = "P2PCLOUD_IMAGES_REQUIRE";

    private static readonly string[] Services = ["bootstrap", "directory", "supernode", "peer", "gateway"];

    private static string Version { get; } = typeof(Engine).Assembly.GetName().Version!.ToString(3);

    /// <summary>An image's name.</summary>
    public static string ImageOf(string service) => $"p2pcloud/{service}:{Version}";

    /// <summary>Whether it is one of our services, not of what they stand on.</summary>
    public static bool IsService(string service) => Services.Contains(service);

    /// <summary>The engine's interface. Skips the test where the scenarios are not wanted, or there is no engine.</summary>
    public static async Task<DockerClient> ConnectAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Wanted) is "1", $"The scenarios take minutes: make test-cluster runs them ({Wanted}=1).");
        var (client, missing) = await FindAsync(cancellationToken);
        Assert.SkipWhen(missing is not null && Environment.GetEnvironmentVariable(Required) is null, missing ?? "");
        Assert.True(missing is null, missing);
        return client!;
    }

    private static async Task<(DockerClient? Client, string? Missing)> FindAsync(CancellationToken cancellationToken)
    {
        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint)
        {
            return (null, "No container engine answers: docker info says more.");
        }

        var client = endpoint.GetDockerClientBuilder().Build();
        try
        {
            var found = await client.Images.ListImagesAsync(new ImagesListParameters { All = true }, cancellationToken);
            var tags = found.SelectMany(image => image.RepoTags ?? []).ToHashSet();
            var absent = Services.Select(ImageOf).Where(image => !tags.Contains(image)).ToList();
            return (client, absent.Count == 0 ? null : $"There is no {string.Join(", ", absent)}: run make images.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            client.Dispose();
            return (null, $"No container engine answers: {failure.Message}");
        }
    }
}
