using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.OverlayHosting;
using P2PCloud.RedisDefaults;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Bootstrap;

/// <summary>BOOT: tells a joining node some live members of an overlay. It is not on the path of lookups.</summary>
public static class BootstrapService
{
    /// <summary>Registers what the service needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Services.AddOptions<BootstrapOptions>().Bind(builder.Configuration.GetSection(BootstrapOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();
        builder.AddRedis("The registrations are kept in Redis, which cannot be reached now. Nodes that have joined go on without them.");
        builder.Services.TryAddSingleton(_ => Seeds.Fresh());
        builder.Services.AddSingleton<RedisMembership>();
    }

    /// <summary>Maps the routes of <see cref="WireOperations.Boot"/>.</summary>
    public static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        var membership = app.Services.GetRequiredService<RedisMembership>();
        app.MapWire<RegisterRequest, RegisterReply>(
            (request, _, cancellationToken) => membership.RegisterAsync(request, cancellationToken));
        app.MapWire<RenewRequest, RenewReply>((request, _, cancellationToken) => membership.RenewAsync(request, cancellationToken));
        app.MapWire<SampleRequest, SampleReply>((request, _, cancellationToken) => membership.SampleAsync(request, cancellationToken));
        app.MapWire<MembersRequest, MembersReply>((request, _, cancellationToken) => membership.MembersAsync(request, cancellationToken));
        app.MapWire<LeaveRequest, Ack>((request, _, cancellationToken) => membership.LeaveAsync(request, cancellationToken));

        // A hint never removes an entry: the lease alone decides, so there is nothing to keep.
        app.MapWire<ReportRequest, Ack>((_, _, _) => Task.FromResult(Ack.Instance));
    }
}
