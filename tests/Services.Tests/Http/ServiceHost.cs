using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCloud.Contracts;
using P2PCloud.OverlayHosting;

namespace P2PCloud.Services.Tests.Http;

/// <summary>A service that listens on a free loopback port.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _name;

    private ServiceHost(string name, WebApplication app)
    {
        _name = name;
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(20) };
    }

    public HttpClient Http { get; }

    public static async Task<ServiceHost> StartAsync(
        string name,
        Action<WebApplicationBuilder> add,
        Action<WebApplication> map,
        string redis,
        Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Redis:Configuration"] = redis });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        configure?.Invoke(builder);
        add(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServiceHost(name, app);
    }

    /// <summary>Asks as a peer does, in the current trace.</summary>
    public Task<TReply> AskAsync<TReply>(IRequest<TReply> request)
        where TReply : class, IMessage =>
        new WireClient(_app.Services.GetRequiredService<HttpMessageInvoker>(), TimeProvider.System).AskAsync(
            new NodeRef(_name, null, _app.Urls.First()), request, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    /// <summary>Gets a text.</summary>
    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Posts a raw body.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await Http.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
