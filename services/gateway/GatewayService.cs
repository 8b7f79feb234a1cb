using Microsoft.Extensions.Options;
using P2PCloud.Gateway.Endpoints;
using P2PCloud.Gateway.Files;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Keys;
using P2PCloud.Gateway.Lookups;
using P2PCloud.Gateway.Membership;
using P2PCloud.Gateway.OpenApi;
using P2PCloud.Gateway.Overview;
using P2PCloud.OverlayHosting;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Gateway;

/// <summary>The REST door: finds entry peers and providers, and streams between them and the client.</summary>
public static class GatewayService
{
    /// <summary>Registers what the gateway needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        // A dead provider is no error here: the next one is asked.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.PostConfigure<ProblemDetailsOptions>(options => options.CustomizeProblemDetails += Problems.Explain);
        services.AddHttpForwarder();
        services.AddGatewayDocument();
        services.AddSingleton(provider => new WireClient(
            provider.GetRequiredService<HttpMessageInvoker>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<NodeClient>();
        services.AddSingleton<NodeForwarder>();
        services.AddSingleton<PeerProbes>();
        services.AddSingleton<MembershipMetrics>();
        services.AddSingleton<MembershipView>();
        services.AddHostedService(provider => provider.GetRequiredService<MembershipView>());
        services.AddSingleton<EntryPeers>();
        services.AddSingleton<ProviderCache>();
        services.AddSingleton<ProviderFinder>();
        services.AddSingleton<DownloadService>();
        services.AddSingleton<UploadService>();
        services.AddSingleton<RemovalService>();
        services.AddSingleton<FileLister>();
        services.AddSingleton<LookupForwarder>();
        services.AddSingleton<KeyForwarder>();
        services.AddSingleton<TopologyReader>();
        services.AddSingleton<GatewayReadiness>();
        services.AddReadiness<GatewayReadiness>();
    }

    /// <summary>Maps the gateway's routes.</summary>
    public static void Map(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseServiceDefaults();
        var api = app.MapGroup("/api/v1");
        api.MapFiles();
        api.MapLookups();
        api.MapKeys();
        api.MapTopology();
        app.MapDocumentation();
        app.MapPage();
    }
}
