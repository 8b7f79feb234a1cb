using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using P2PCloud.Bootstrap;
using P2PCloud.CentralDirectory;
using P2PCloud.Gateway;
using P2PCloud.Peer;
using P2PCloud.Supernode;

namespace P2PCloud.Chart.Tests;

/// <summary>The five services, with the environment that Kubernetes would give to their first pods.</summary>
internal static class Apps
{
    private static readonly Dictionary<string, (Action<WebApplicationBuilder> Add, Action<WebApplication> Map)> Services = new()
    {
        ["bootstrap"] = (BootstrapService.Add, BootstrapService.Map),
        ["directory"] = (DirectoryService.Add, DirectoryService.Map),
        ["gateway"] = (GatewayService.Add, GatewayService.Map),
        ["supernode"] = (SupernodeService.Add, SupernodeService.Map),
        ["peer"] = (PeerService.Add, PeerService.Map),
    };

    /// <summary>Their components.</summary>
    public static IReadOnlyCollection<string> Components => Services.Keys;

    public static DisposableApp Build(Workload workload)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(SettingsOf(workload));
        Services[workload.Component].Add(builder);
        return new DisposableApp(builder.Build());
    }

    /// <summary>Paths that a service answers.</summary>
    public static IReadOnlyList<string> RoutesOf(Workload workload)
    {
        using var app = Build(workload);
        Services[workload.Component].Map(app);
        IEndpointRouteBuilder routes = app.App;
        return [.. routes.DataSources.SelectMany(it => it.Endpoints).OfType<RouteEndpoint>().Select(it => it.RoutePattern.RawText!)];
    }

    public static Dictionary<string, string?> SettingsOf(Workload workload)
    {
        var given = new Dictionary<string, string> { ["POD_NAME"] = $"{workload.Metadata.Name}-0", ["REDIS_PASSWORD"] = "secret" };
        return workload.Environment.ToDictionary(
            it => it.Key.Replace("__", ":", StringComparison.Ordinal),
            it => given.Aggregate(it.Value, (value, variable) => value?.Replace($"$({variable.Key})", variable.Value, StringComparison.Ordinal)));
    }

    /// <summary>An app that was not started.</summary>
    internal sealed class DisposableApp(WebApplication app) : IDisposable
    {
        public static implicit operator WebApplication(DisposableApp it) => it.App;

        public WebApplication App { get; } = app;

        public IServiceProvider Services => App.Services;

        public void Dispose() => ((IDisposable)App).Dispose();
    }
}
