using System.Diagnostics;
using System.Text.Json;
using P2PCloud.Bootstrap;

namespace P2PCloud.Services.Tests.Http;

public sealed class LogTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    /// <summary>A process of its own: what it writes to its standard output is under test.</summary>
    [Fact]
    public async Task Logs_are_objects_a_line_with_the_trace_under_which_they_were_written()
    {
        using var service = Start(
            "--urls=http://127.0.0.1:0",
            "--Redis:Configuration=127.0.0.1:1",
            "--Logging:LogLevel:Default=Information",
            "--Logging:Console:FormatterName=json",
            "--Logging:Console:FormatterOptions:IncludeScopes=true");
        try
        {
            var address = await FindAsync(service, line => line.GetProperty("State").TryGetProperty("address", out var value) ? value.GetString() : null);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(address), "/boot/members"));
            request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
            using var response = await http.SendAsync(request, Limit);

            var trace = await FindAsync(service, line => line.GetProperty("Message").GetString()!.Contains("/boot/members", StringComparison.Ordinal) ? TraceOf(line) : null);
            Assert.Equal(TraceId, trace);
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(params IEnumerable<string> settings) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(BootstrapService).Assembly.Location, .. settings]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Reads lines, each of which is an object, until one has what is looked for.</summary>
    private static async Task<string> FindAsync(Process service, Func<JsonElement, string?> find)
    {
        while (await service.StandardOutput.ReadLineAsync(Limit) is { } line)
        {
            using var written = JsonDocument.Parse(line);
            if (find(written.RootElement) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"The service ended: {await service.StandardError.ReadToEndAsync(Limit)}");
    }

    private static string TraceOf(JsonElement line) =>
        line.GetProperty("Scopes").EnumerateArray().Select(scope => scope.TryGetProperty("TraceId", out var id) ? id.GetString() : null).First(id => id is not null)!;
}
