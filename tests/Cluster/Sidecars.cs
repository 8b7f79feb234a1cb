using System.Collections.Concurrent;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>
/// The sidecar doubles of a cluster in Dapr mode: a container each, whose network its app's container shares, as in a pod: it stays until the sidecar
/// has passed on the last answers of an app that has ended. Redis and what else is not ours have none.
/// </summary>
public sealed class Sidecars : IAsyncDisposable
{
    private const string Project = "SidecarHost";

    private readonly ConcurrentDictionary<string, IContainer> _containers = new(StringComparer.Ordinal);
    private readonly IFutureDockerImage _image;
    private readonly MemberContainers _members;

    private Sidecars(IFutureDockerImage image, MemberContainers members) => (_image, _members) = (image, members);

    /// <summary>Builds the image from what the build has left of the double.</summary>
    public static async Task<Sidecars> CreateAsync(MemberContainers members, CancellationToken cancellationToken)
    {
        var built = AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "Cluster", "bin"), Path.Combine("tests", Project, "bin"), StringComparison.Ordinal);
        var image = new ImageFromDockerfileBuilder()
            .WithName(Engine.ImageOf("sidecar-double"))
            .WithDockerfileDirectory(built)
            .WithBuildArgument("BASE", Engine.ImageOf(AppIds.Gateway))
            .Build();
        await image.CreateAsync(cancellationToken);
        return new Sidecars(image, members);
    }

    /// <summary>Whether a member has one.</summary>
    public static bool Has(string app) => Engine.IsService(ServiceSettings.ServiceOf(app));

    /// <summary>Starts the one of a member, before the member's own container, which is to share its network.</summary>
    /// <returns>Its container.</returns>
    public async Task<string> StartAsync(string app, CancellationToken cancellationToken)
    {
        await RemoveAsync(app);
        var builder = new ContainerBuilder(_image)
            .WithImagePullPolicy(_ => false)
            .WithEnvironment("APP_ID", MemberContainers.AliasOf(app))
            .WithEnvironment("DAPR_API_TOKEN", ServiceSettings.ApiToken)
            .WithEnvironment("APP_API_TOKEN", ServiceSettings.AppToken)
            .WithEnvironment("DOTNET_gcServer", "0")
            .WithWaitStrategy(Wait.ForUnixContainer());
        var sidecar = (await _members.OnNetworkAsync(builder, app, cancellationToken)).Build();
        _containers[app] = sidecar;
        await sidecar.StartAsync(cancellationToken);
        return sidecar.Id;
    }

    /// <summary>Its container, if it has one.</summary>
    public string? IdOf(string app) => _containers.GetValueOrDefault(app)?.Id;

    /// <summary>Writes what each has logged into a folder, a file each.</summary>
    public async Task SaveLogsAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var (app, container) in _containers.ToList())
        {
            var (output, errors) = await container.GetLogsAsync(timestampsEnabled: true, ct: cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{app}-sidecar.log"), output + errors, cancellationToken);
        }
    }

    /// <summary>Takes its container away.</summary>
    public async Task RemoveAsync(string app)
    {
        if (_containers.TryRemove(app, out var container))
        {
            await container.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_containers.Keys.Select(RemoveAsync));
        await _image.DeleteAsync(CancellationToken.None);
        await _image.DisposeAsync();
    }
}
