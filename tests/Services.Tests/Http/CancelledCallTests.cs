using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using P2PCloud.ServiceDefaults;

namespace P2PCloud.Services.Tests.Http;

/// <summary>What a service writes of callers that break off and of its own failures.</summary>
public sealed class CancelledCallTests
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_ends_in_the_middle_of_its_body_is_no_error_of_the_service()
    {
        var errors = new ErrorLog();
        var ended = new TaskCompletionSource();
        await using var app = await StartAsync(errors, ended, request => request.Body.CopyToAsync(Stream.Null, CancellationToken.None));
        using (var caller = new TcpClient())
        {
            var address = new Uri(app.Urls.First());
            await caller.ConnectAsync(address.Host, address.Port, Limit);
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhey ju"), Limit);
        }

        await ended.Task.WaitAsync(Limit);

        Assert.Empty(errors.Lines);
    }

    /// <summary>As above, before the server has noticed that the caller is gone.</summary>
    [Fact]
    public async Task A_request_that_the_server_refuses_is_no_error_of_the_service()
    {
        var errors = new ErrorLog();
        var ended = new TaskCompletionSource();
        await using var app = await StartAsync(errors, ended, _ => throw new BadHttpRequestException("Unexpected end of request content."));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var body = new StringContent("hey jude");
        using var answer = await http.PostAsync(new Uri("/body", UriKind.Relative), body, Limit);
        await ended.Task.WaitAsync(Limit);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(errors.Lines);
    }

    [Fact]
    public async Task A_failure_of_the_service_is_an_error()
    {
        var errors = new ErrorLog();
        var ended = new TaskCompletionSource();
        await using var app = await StartAsync(errors, ended, _ => throw new InvalidOperationException("broken"));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var body = new StringContent("hey jude");
        using var answer = await http.PostAsync(new Uri("/body", UriKind.Relative), body, Limit);
        await ended.Task.WaitAsync(Limit);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Single(errors.Lines);
    }

    private static async Task<WebApplication> StartAsync(ErrorLog errors, TaskCompletionSource ended, Func<HttpRequest, Task> handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(errors);
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        app.UseServiceDefaults();
        app.MapPost("/body", handle);
        await app.StartAsync(Limit);
        return app;
    }

    /// <summary>Keeps lines of level Error and above.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue($"{formatter(state, exception)} {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }
    }
}
