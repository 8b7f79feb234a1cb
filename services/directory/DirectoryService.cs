using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;
using P2PCloud.RedisDefaults;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.CentralDirectory;

/// <summary>Napster's central index: who shares which file. It never carries the bytes of a file.</summary>
public static class DirectoryService
{
    /// <summary>Registers what the service needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Services.AddOptions<DirectoryOptions>().Bind(builder.Configuration.GetSection(DirectoryOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DirectoryOptions>, DirectoryOptionsValidator>();
        builder.AddRedis("The index is kept in Redis, which cannot be reached now. Transfers and the other techniques go on without it.");
        builder.Services.TryAddSingleton(_ => Seeds.Fresh());
        builder.Services.AddSingleton<RedisSessions>();
        builder.Services.AddSingleton<RedisIndex>();
        builder.Services.AddSingleton<DirectoryMetrics>();
        builder.Services.AddHostedService<SessionSweeper>();
    }

    /// <summary>Maps the routes of <see cref="WireOperations.Napster"/>.</summary>
    public static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        var sessions = app.Services.GetRequiredService<RedisSessions>();
        var index = app.Services.GetRequiredService<RedisIndex>();
        app.MapWire<LoginRequest, SessionReply>((request, _, cancellationToken) => sessions.LoginAsync(request, cancellationToken));
        app.MapWire<ShareRequest, SessionReply>((request, _, cancellationToken) => sessions.ShareAsync(request, cancellationToken));
        app.MapWire<UnshareRequest, SessionReply>((request, _, cancellationToken) => sessions.UnshareAsync(request, cancellationToken));
        app.MapWire<KeepAliveRequest, SessionReply>((request, _, cancellationToken) => sessions.KeepAliveAsync(request, cancellationToken));
        app.MapWire<LogoutRequest, Ack>((request, _, cancellationToken) => sessions.LogoutAsync(request, cancellationToken));
        app.MapWire<SearchRequest, PostingsReply>(
            (request, context, cancellationToken) => SearchAsync(index, request, context, cancellationToken));
        app.MapWire<SourcesRequest, PostingsReply>((request, _, cancellationToken) => index.SourcesAsync(request, cancellationToken));
        app.MapWire<ListRequest, ListReply>((request, _, cancellationToken) => index.ListAsync(request, cancellationToken));
    }

    private static async Task<PostingsReply> SearchAsync(
        RedisIndex index, SearchRequest request, WireContext context, CancellationToken cancellationToken)
    {
        if (request.Query.Length > SearchTerms.QueryLengthMax)
        {
            throw new BadHttpRequestException($"A query has at most {SearchTerms.QueryLengthMax} characters.");
        }

        var hop = new HopMark(Techniques.Napster, request.LookupId, 0, context.Sender.Name, AppIds.Directory);
        using var span = OverlayTelemetry.StartHop(hop, context.Trace);
        try
        {
            return await index.SearchAsync(request, cancellationToken);
        }
        catch
        {
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
