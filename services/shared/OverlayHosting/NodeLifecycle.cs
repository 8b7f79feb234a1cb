using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting;

/// <summary>The engines of one service.</summary>
public interface INodeEngines
{
    /// <summary>Starts them; the node can be called at its endpoint now.</summary>
    Task StartAsync(NodeRef self, CancellationToken cancellationToken);

    /// <summary>Leaves all overlays gracefully, while the node can still be called.</summary>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>Stops them.</summary>
    Task StopAsync();
}

/// <summary>
/// Starts a node's engines when the server listens, and has them leave before it stops: a leaving node hands its keys over and
/// answers until it has, and for its drain time after that.
/// </summary>
public sealed partial class NodeLifecycle(
    INodeEngines engines, IServer server, IOptions<NodeOptions> options, TimeProvider time, ILogger<NodeLifecycle> logger) : IHostedLifecycleService
{
    /// <summary>Registers the node's options, engines and lifecycle.</summary>
    public static void Add<TEngines>(IHostApplicationBuilder builder)
        where TEngines : class, INodeEngines
    {
        builder.Services.AddOptions<NodeOptions>().Bind(builder.Configuration.GetSection(NodeOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        builder.Services.AddSingleton(provider => new WireClient(
            provider.GetRequiredService<HttpMessageInvoker>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<TEngines>();
        builder.Services.AddSingleton<INodeEngines>(provider => provider.GetRequiredService<TEngines>());
        builder.Services.AddHostedService<NodeLifecycle>();
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var endpoint = options.Value.Endpoint ?? server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var self = new NodeRef(options.Value.App!, null, endpoint);
        NodeStarted(logger, self, endpoint);
        OverlayTelemetry.StartCounting(self.Name);
        return engines.StartAsync(self, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.LeaveDeadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await engines.LeaveAsync(both.Token);
            NodeLeft(logger, options.Value.App);
            OverlayTelemetry.CountDeparture(options.Value.App!, handedOver: true);
            await Task.Delay(options.Value.DrainTime, time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception failure) when (failure is OperationCanceledException or NodeUnreachableException)
        {
            NodeDidNotLeave(logger, options.Value.App, failure.Message);
            OverlayTelemetry.CountDeparture(options.Value.App!, handedOver: false);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => engines.StopAsync();

    [LoggerMessage(EventId = 1011, EventName = "NodeStarted", Level = LogLevel.Information, Message = "{Node} runs at {Endpoint}")]
    private static partial void NodeStarted(ILogger logger, NodeRef node, string endpoint);

    [LoggerMessage(EventId = 1012, EventName = "NodeLeft", Level = LogLevel.Information, Message = "{Node} has left its overlays")]
    private static partial void NodeLeft(ILogger logger, string? node);

    [LoggerMessage(EventId = 1013, EventName = "NodeDidNotLeave", Level = LogLevel.Warning, Message = "{Node} stops without having left all overlays: {Reason}")]
    private static partial void NodeDidNotLeave(ILogger logger, string? node, string reason);
}
