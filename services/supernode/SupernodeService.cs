using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.OverlayHosting;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Supernode;

/// <summary>A KaZaA group leader: indexes its children's files, and floods their searches among the leaders.</summary>
public static class SupernodeService
{
    /// <summary>Registers what the leader needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Services.AddOptions<SupernodeOptions>().Bind(builder.Configuration.GetSection(SupernodeOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SupernodeOptions>, SupernodeOptionsValidator>();
        builder.Services.AddSingleton(provider => new ContactFile(
            provider.GetRequiredService<IOptions<SupernodeOptions>>().Value.DataDirectory,
            provider.GetRequiredService<IOptions<NodeOptions>>().Value.App!,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ContactFile>>()));
        NodeLifecycle.Add<SupernodeEngines>(builder);
        builder.Services.AddReadiness<SupernodeReadiness>();
        builder.Services.AddHostedService<SupernodeSampling>();
    }

    /// <summary>Maps the leader's routes.</summary>
    public static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        var engines = app.Services.GetRequiredService<SupernodeEngines>();
        app.MapEngine(WireOperations.Kazaa, _ => engines.Leader);
        app.MapGet("/state", (CancellationToken cancellationToken) => engines.StateAsync(cancellationToken));
    }
}
