using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Cluster.Tests;

/// <summary>A peer's clock is wrong.</summary>
[Collection(ClusterScenarios.Name)]
public sealed class ClockTests(ClusterFixture fixture)
{
    private const double Limit = 30;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clock-ahead", "00:05:00")]
    [InlineData("clock-behind", "-00:05:00")]
    public async Task With_a_peers_clock_5_minutes_off_no_later_write_is_undone(string name, string offset)
    {
        var app = AppIds.Peer(6);

        await Scenario.RunAsync(fixture, new Expectation(name, ("wrong", Limit), ("right", Limit)), async scenario =>
        {
            scenario.History.Absent(app);
            scenario.Cluster.Extra[app] = new Dictionary<string, string> { ["Clock__Offset"] = offset };
            await scenario.RestartAsync(app);
            scenario.History.Present(app);
            scenario.Mark("wrong");
            await AssertAheadAsync(scenario, app, TimeSpan.Parse(offset, null));
            await scenario.PassAsync(20);
            scenario.Mark("put right");
            scenario.History.Absent(app);
            scenario.Cluster.Extra.Remove(app);
            await scenario.RestartAsync(app);
            scenario.History.Present(app);
            scenario.Mark("right");
            await scenario.PassAsync(15);
        }, Token);
    }

    /// <summary>
    /// A new key has the time of the peer through which it is written, or a later one that this peer has seen: so a clock that is behind does not show.
    /// </summary>
    private static async Task AssertAheadAsync(Scenario scenario, string app, TimeSpan offset)
    {
        if (offset < TimeSpan.Zero)
        {
            return;
        }

        using var http = new HttpClient { BaseAddress = scenario.Cluster.Gateways[0] };
        using var answer = await http.PutAsync(
            new Uri($"/api/v1/keys/clock{offset.TotalSeconds}?from={app}", UriKind.Relative), new StringContent("now"), Token);
        Assert.True(KeyVersion.TryParse(answer.Headers.ETag?.Tag.Trim('"'), out var version), $"{answer}");
        var wrong = DateTimeOffset.FromUnixTimeMilliseconds(version!.Milliseconds) - TimeProvider.System.GetUtcNow();
        Assert.True(wrong - offset > TimeSpan.FromMinutes(-1), $"The clock of {app} is {wrong} ahead, not {offset}.");
    }
}
