using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;

namespace P2PCloud.Gateway.Tests.Fakes;

/// <summary>A service on a free port of this machine.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeHost(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<FakeHost> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJsonContext.Default));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new FakeHost(app);
    }

    /// <summary>An address that refuses connections.</summary>
    public static async Task<string> RefusedAddressAsync()
    {
        await using var host = await StartAsync(_ => { });
        return host.Address;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
