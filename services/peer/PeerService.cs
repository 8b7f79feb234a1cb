using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.OverlayHosting;
using P2PCloud.Peer.Endpoints;
using P2PCloud.Peer.Keys;
using P2PCloud.Peer.Lookups;
using P2PCloud.Peer.Overlays;
using P2PCloud.Peer.Sharing;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Peer;

/// <summary>An ordinary peer: shares a folder, and is a node of all four overlays.</summary>
public static class PeerService
{
    /// <summary>Registers what the peer needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        AddOptions<ShareOptions, ShareOptionsValidator>(builder, ShareOptions.Section);
        AddOptions<OverlayOptions, OverlayOptionsValidator>(builder, OverlayOptions.Section);
        AddOptions<KeyOptions, KeyOptionsValidator>(builder, KeyOptions.Section);
        builder.Services.AddSingleton<KeyDatabase>();
        builder.Services.AddSingleton(provider => new ContactFile(
            provider.GetRequiredService<IOptions<KeyOptions>>().Value.DataDirectory,
            provider.GetRequiredService<IOptions<NodeOptions>>().Value.App!,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ContactFile>>()));
        NodeLifecycle.Add<PeerEngines>(builder);
        builder.Services.AddSingleton<SharedFiles>();
        builder.Services.AddSingleton<SharingService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SharingService>());
        builder.Services.AddSingleton<LookupService>();
        builder.Services.AddSingleton<KeyService>();
        builder.Services.AddSingleton<PeerReadiness>();
        builder.Services.AddSingleton<PeerStates>();
        builder.Services.AddHostedService<Announcement>();
        builder.Services.AddHostedService<PeerSampling>();
        builder.Services.AddReadiness<PeerReadiness>();
    }

    /// <summary>Maps the peer's routes.</summary>
    public static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        var engines = app.Services.GetRequiredService<PeerEngines>();
        app.MapEngine(WireOperations.PeerSampling, _ => engines.Membership);
        app.MapEngine(WireOperations.Gnutella, _ => engines.Gnutella);
        app.MapEngine(WireOperations.Kazaa, engines.KazaaLeader);
        app.MapEngine(WireOperations.Chord, engines.Chord);
        app.MapFiles();
        app.MapLookups();
        app.MapKeys();
        app.MapState();
    }

    private static void AddOptions<TOptions, TValidator>(WebApplicationBuilder builder, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        builder.Services.AddOptions<TOptions>().Bind(builder.Configuration.GetSection(section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}
