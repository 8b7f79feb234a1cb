using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace P2PCloud.ServiceDefaults;

/// <summary>The life of a service that is a process of its own.</summary>
public static class ServiceProcess
{
    /// <summary>Exit code of a service whose settings are wrong: starting it again does not help.</summary>
    public const int WrongSettings = 2;

    /// <summary>Builds a service and runs it until it is told to stop. Wrong settings end it with one line that names all that is wrong.</summary>
    /// <param name="name">Of the service, in traces and messages.</param>
    /// <param name="args">Settings from the command line, <c>--Section:Key=value</c>.</param>
    /// <param name="add">Registers its dependencies.</param>
    /// <param name="map">Maps its endpoints.</param>
    /// <param name="errors">Where that line goes.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string name, string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(errors);
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddProcessTelemetry(name);
        try
        {
            add(builder);
            await using var app = builder.Build();
            map(app);
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (ProblemsOf(failure) is { Count: > 0 } problems)
        {
            await errors.WriteLineAsync($"{name} cannot start: {string.Join("; ", problems).ReplaceLineEndings(" ")}");
            return WrongSettings;
        }
    }

    private static List<string> ProblemsOf(Exception failure) => failure switch
    {
        OptionsValidationException wrong => [.. wrong.Failures],
        AggregateException { InnerExceptions: var all } when all.All(inner => inner is OptionsValidationException) => [.. all.SelectMany(ProblemsOf)],
        _ => [],
    };
}
