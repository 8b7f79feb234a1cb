using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.ServiceDefaults;

/// <summary>What every service has: problem details, probes, JSON of the contracts, the clock, the invoker for other services.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Tag of the health checks that decide readiness.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Registers the defaults. What is registered already (a test's clock, a process's shared connections) stays.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ClockOptions>().Bind(builder.Configuration.GetSection(ClockOptions.Section)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ClockOptions>, ClockOptionsValidator>();
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<IOptions<ClockOptions>>().Value.Offset is var offset && offset == TimeSpan.Zero ? TimeProvider.System : new OffsetClock(offset));
        services.AddOptions<InvocationOptions>().Bind(builder.Configuration.GetSection(InvocationOptions.Section)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<InvocationOptions>, InvocationOptionsValidator>();
        services.TryAddSingleton(provider => NodeTransport.CreateConnections(provider.GetRequiredService<IOptions<InvocationOptions>>().Value));
        services.TryAddSingleton(provider => NodeTransport.Create(
            provider.GetRequiredService<IOptions<InvocationOptions>>().Value, provider.GetRequiredService<SocketsHttpHandler>()));
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJsonContext.Default));
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.Exception is BadHttpRequestException refused)
            {
                context.ProblemDetails.Detail = refused.Message;
            }
            else if (context.ProblemDetails.Status is StatusCodes.Status500InternalServerError)
            {
                context.ProblemDetails.Detail = "The request failed inside the service. Its log has the details under this trace id.";
            }
        });
        services.AddHealthChecks();
        if (string.Equals(builder.Configuration["Logging:Console:FormatterName"], ConsoleFormatterNames.Json, StringComparison.OrdinalIgnoreCase))
        {
            // A slim builder writes lines for people, whatever the setting says.
            builder.Logging.AddJsonConsole();
        }

        var mode = builder.Configuration[$"{InvocationOptions.Section}:{nameof(InvocationOptions.Mode)}"];
        if (string.Equals(mode, nameof(InvocationMode.Dapr), StringComparison.OrdinalIgnoreCase))
        {
            services.AddReadiness<SidecarReadiness>();
        }

        return builder;
    }

    /// <summary>Errors become problem details (RFC 9457), the sidecar's token is checked where there is one, and the probes are mapped.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A caller that breaks off, or asks wrongly, is no failure of the service: no Error in its log.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
            StatusCodeSelector = failure => failure is BadHttpRequestException refused ? refused.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        if (app.Configuration[AppToken.Variable] is { Length: > 0 } token)
        {
            app.Use(new AppToken(token).CheckAsync);
        }

        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false }).DisableHttpMetrics();
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(ReadyTag),
            ResponseWriter = WriteReadyAsync,
        }).DisableHttpMetrics();
        return app;
    }

    /// <summary>Adds a check that decides readiness; its description says what is pending.</summary>
    public static IServiceCollection AddReadiness<TCheck>(this IServiceCollection services)
        where TCheck : class, IHealthCheck
    {
        services.AddHealthChecks().AddCheck<TCheck>(typeof(TCheck).Name, tags: [ReadyTag]);
        return services;
    }

    private static Task WriteReadyAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsync(
            string.Join('\n', report.Entries.Values.Select(entry => entry.Description).Prepend(report.Status.ToString()).Where(line => line is not null)),
            context.RequestAborted);
}
