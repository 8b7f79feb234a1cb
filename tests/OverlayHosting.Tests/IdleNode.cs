using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting.Tests;

/// <summary>The life of a node whose engines do nothing.</summary>
internal static class IdleNode
{
    /// <param name="options">Without an endpoint.</param>
    /// <param name="leave">The engines' leaving.</param>
    /// <param name="time">Of its deadlines.</param>
    public static NodeLifecycle Create(NodeOptions options, Task leave, TimeProvider time)
    {
        options.Endpoint = "http://127.0.0.1:1";
        return new NodeLifecycle(new IdleEngines(leave), new IdleServer(), Options.Create(options), time, NullLogger<NodeLifecycle>.Instance);
    }
}

/// <summary>Engines that do nothing.</summary>
/// <param name="leave">Their leaving.</param>
internal sealed class IdleEngines(Task leave) : INodeEngines
{
    public Task StartAsync(NodeRef self, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LeaveAsync(CancellationToken cancellationToken) => leave;

    public Task StopAsync() => Task.CompletedTask;
}

/// <summary>A server that listens nowhere.</summary>
internal sealed class IdleServer : IServer
{
    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }
}
