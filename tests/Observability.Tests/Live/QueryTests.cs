using System.Text.RegularExpressions;

namespace P2PCloud.Observability.Tests.Live;

/// <summary>The queries of dashboards and rules, asked of a real Prometheus that scrapes a cloud at work.</summary>
[Collection(ObservedCloud.Collection)]
public sealed partial class QueryTests(ObservedCloud cloud)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    public static TheoryData<string> Dashboards => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Every_panel_of_a_dashboard_shows_data(string file)
    {
        var queries = Dashboard.All.Single(dashboard => dashboard.File == file).Queries.ToList();

        Assert.NotEmpty(queries);
        await EventuallyAsync(async () =>
        {
            var empty = new List<string>();
            foreach (var query in queries)
            {
                var samples = await Server.QueryAsync(Filled(query.Expression), Limit);
                if (!samples.Any(sample => double.IsFinite(sample.Value)))
                {
                    empty.Add($"{query.Panel}: {query.Expression}");
                }
            }

            return empty;
        });
    }

    [Fact]
    public async Task Every_rule_is_evaluated_without_error_and_every_recorded_series_has_data()
    {
        await EventuallyAsync(async () =>
        {
            var wrong = new List<string>();
            var groups = (await Server.GetAsync("api/v1/rules", Limit)).GetProperty("groups").EnumerateArray();
            foreach (var rule in groups.SelectMany(group => group.GetProperty("rules").EnumerateArray()))
            {
                var name = rule.GetProperty("name").GetString()!;
                var recorded = rule.GetProperty("type").GetString() == "recording";
                if (rule.GetProperty("health").GetString() != "ok" || (recorded && (await Server.QueryAsync(name, Limit)).Count == 0))
                {
                    wrong.Add(rule.ToString());
                }
            }

            return wrong;
        });
    }

    /// <summary>An alert without its series would be quiet for ever.</summary>
    [Fact]
    public async Task Every_series_that_an_alert_watches_is_there()
    {
        var rules = Yaml.Load("prometheus", "rules", "alerts.yml")["groups"].Items.SelectMany(group => group["rules"].Items);
        var names = rules.SelectMany(rule => Metric().Matches(Label().Replace(rule["expr"].Text, ""))).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(names);
        await EventuallyAsync(async () =>
        {
            var missing = new List<string>();
            foreach (var name in names)
            {
                missing.AddRange((await Server.QueryAsync($"count({name})", Limit)).Count == 0 ? [name] : []);
            }

            return missing;
        });
    }

    [Fact]
    public async Task The_missing_sidecar_is_the_one_alert_of_a_cloud_that_is_well()
    {
        await EventuallyAsync(async () =>
        {
            var samples = await Server.QueryAsync("ALERTS", Limit);
            return samples.Select(sample => sample.Labels["alertname"]) is var names && names.SequenceEqual(["SidecarMissing"]) ? [] : [.. names.Append("ALERTS")];
        });
    }

    [Fact]
    public async Task The_ring_is_seen_as_ideal_after_a_peer_has_left()
    {
        await EventuallyAsync(async () =>
        {
            var covered = await Server.QueryAsync("abs(p2p:ring_covered:ratio - 1) < 1e-9", Limit);
            var members = await Server.QueryAsync("p2p:ring_members:sum == 8", Limit);
            return covered.Count == 1 && members.Count == 1 ? [] : [.. await StatesAsync()];
        });
    }

    [Fact]
    public async Task A_peer_that_left_is_counted_as_one_that_handed_its_keys_over()
    {
        await EventuallyAsync(async () =>
        {
            var departures = await Server.QueryAsync("p2p_node_departures_total{p2p_node=\"peer-4\"}", Limit);
            var counts = departures.ToDictionary(sample => sample.Labels["p2p_outcome"], sample => sample.Value);
            return counts.GetValueOrDefault("ok") == 1 && counts.GetValueOrDefault("failed", -1) == 0 ? [] : [string.Join(", ", counts)];
        });
    }

    /// <summary>The chart's query, with the job that services in one process have.</summary>
    [Fact]
    public async Task The_query_by_which_peers_are_scaled_has_data()
    {
        var chart = Path.Combine(Repository.Root, "charts", "p2pcloud");
        var (code, output) = await Tool.RunAsync(
            "helm", "template", "demo", chart, "--show-only", "templates/autoscaling.yaml", "--set", "peers.keda.enabled=true,observability.enabled=true");
        Assert.True(code == 0, output);
        var query = Query().Match(output).Groups[1].Value;
        Assert.Contains("job=\"demo-p2pcloud/peer\"", query, StringComparison.Ordinal);

        await EventuallyAsync(async () =>
        {
            var samples = await Server.QueryAsync(query.Replace("demo-p2pcloud/peer", "p2pcloud", StringComparison.Ordinal), Limit);
            return samples.Any(sample => sample.Value > 0) ? [] : [query];
        });
    }

    private PrometheusServer Server
    {
        get
        {
            Tool.Find("prometheus");
            return cloud.Prometheus!;
        }
    }

    /// <summary>A point on a latency curve leads to its trace.</summary>
    [Fact]
    public async Task Lookups_have_exemplars_with_the_ids_of_their_traces()
    {
        await EventuallyAsync(async () =>
        {
            var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            var found = await Server.GetAsync(
                $"api/v1/query_exemplars?query=p2p_lookup_duration_seconds_bucket&start={now.AddMinutes(-5).ToUnixTimeSeconds()}&end={now.AddMinutes(1).ToUnixTimeSeconds()}",
                Limit);
            var ids = found.EnumerateArray().SelectMany(series => series.GetProperty("exemplars").EnumerateArray())
                .Select(exemplar => exemplar.GetProperty("labels").GetProperty("trace_id").GetString()!);
            return ids.Any(id => id.Length == 32) ? [] : [found.ToString()];
        });
    }

    private async Task<IEnumerable<string>> StatesAsync() =>
        (await Server.QueryAsync("{__name__=~\"p2p_chord_(member|ownership)\"}", Limit)).Select(sample => $"{string.Join(' ', sample.Labels.Values)}: {sample.Value}");

    /// <summary>Waits until nothing is left to complain about.</summary>
    private static async Task EventuallyAsync(Func<Task<IReadOnlyList<string>>> complaints)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(Poll);
        var last = await complaints();
        try
        {
            while (last.Count > 0)
            {
                await timer.WaitForNextTickAsync(limit.Token);
                last = await complaints();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Empty(last);
        }
    }

    private static string Filled(string expression) =>
        expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$job", ".*", StringComparison.Ordinal);

    [GeneratedRegex("^ *query: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Query();

    /// <summary>Where names are those of labels.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\b(by|on)\s*\([^)]*\)")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bp2p[a-z0-9_]*(:[a-z0-9_]+)*|\bup\b")]
    private static partial Regex Metric();
}
