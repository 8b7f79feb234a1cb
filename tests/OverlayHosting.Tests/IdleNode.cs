using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using P2PCloud.Contracts;

namespace P2PCloud.OverlayHosting.Tests;

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
