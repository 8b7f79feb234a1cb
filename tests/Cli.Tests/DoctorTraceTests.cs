using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace P2PCloud.Cli.Tests;

public sealed class DoctorTraceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"data":[{"spans":[{},{},{}]}]}""", "ok\tJaeger has 3 spans of the lookup " + Samples.TraceId)]
    [InlineData("""{"data":[]}""", "wrong\tno span of the lookup " + Samples.TraceId + " has arrived in Jaeger within 40 s")]
    [InlineData("""{"data":null}""", "wrong\tno span of the lookup " + Samples.TraceId + " has arrived in Jaeger within 40 s")]
    public async Task Whether_spans_arrive_is_looked_up_in_Jaeger(string answer, string expected)
    {
        await using var jaeger = await JaegerAsync(answer);

        var outcome = await RunAsync(jaeger);

        Assert.Contains(expected, outcome.Lines);
    }

    /// <summary>A collector that samples decides after 15 s, and services and batches add to that.</summary>
    [Fact]
    public async Task Spans_that_take_half_a_minute_are_waited_for()
    {
        var time = new HastyTime();
        await using var jaeger = await JaegerAsync(() => time.Passed < TimeSpan.FromSeconds(30) ? """{"data":[]}""" : """{"data":[{"spans":[{}]}]}""");

        var outcome = await RunAsync(jaeger, time);

        Assert.Contains($"ok\tJaeger has 1 spans of the lookup {Samples.TraceId}", outcome.Lines);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":[{}]}""")]
    [InlineData("""{"data":[[]]}""")]
    [InlineData("""{"data":[{"spans":3}]}""")]
    [InlineData("<html></html>")]
    public async Task What_answers_as_Jaeger_does_not_is_a_finding(string answer)
    {
        await using var jaeger = await JaegerAsync(answer);

        var outcome = await RunAsync(jaeger);

        Assert.Equal(ExitCodes.Failed, outcome.ExitCode);
        Assert.StartsWith($"wrong\twhat answers at {jaeger.Urls.Single()}/ is not Jaeger: ", outcome.Lines[^2], StringComparison.Ordinal);
        Assert.Contains("--jaeger", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_lookup_it_says_that_spans_cannot_be_looked_for()
    {
        var outcome = await CommandLine.RunAsync("doctor", "--jaeger", "http://127.0.0.1:1", "--gateway", "http://127.0.0.1:1");

        Assert.StartsWith("wrong\tspans could not be looked for", outcome.Lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_Jaeger_that_is_none_is_a_misuse()
    {
        var outcome = await CommandLine.RunAsync("doctor", "--jaeger", "jaeger");

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("http://localhost:16686", outcome.ErrorLines[0], StringComparison.Ordinal);
    }

    private static async Task<Outcome> RunAsync(WebApplication jaeger, HastyTime? time = null)
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        return await CommandLine.RunAsync(
            ["doctor", "--jaeger", jaeger.Urls.Single(), "--gateway", gateway.Address], console => console with { Time = time ?? new HastyTime() });
    }

    private static Task<WebApplication> JaegerAsync(string answer) => JaegerAsync(() => answer);

    private static async Task<WebApplication> JaegerAsync(Func<string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var jaeger = builder.Build();
        jaeger.MapGet("/api/traces/{id}", http => http.Response.WriteAsync(answer(), http.RequestAborted));
        await jaeger.StartAsync(Token);
        return jaeger;
    }
}
