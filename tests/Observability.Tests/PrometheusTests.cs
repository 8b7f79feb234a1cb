using System.Text.RegularExpressions;

namespace P2PCloud.Observability.Tests;

/// <summary>Prometheus' configuration and rules.</summary>
public sealed partial class PrometheusTests
{
    private static string Tests => Path.Combine(Repository.Prometheus, "tests", "alerts.yml");

    [Fact]
    public async Task Promtool_accepts_the_configuration_and_its_rules()
    {
        var (code, output) = await Tool.RunAsync("promtool", "check", "config", Path.Combine(Repository.Prometheus, "prometheus.yml"));

        Assert.True(code == 0, output);
        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_pass_their_unit_tests()
    {
        var (code, output) = await Tool.RunAsync("promtool", "test", "rules", Tests);

        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_alert_has_a_unit_test_in_which_it_fires()
    {
        var tests = Yaml.Load("prometheus", "tests", "alerts.yml")["tests"].Items;

        Assert.Empty(Rules("alerts.yml").Select(rule => rule["alert"].Text).Except(tests.SelectMany(FiringIn)));
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_what_is_wrong_and_what_to_do()
    {
        Assert.All(Rules("alerts.yml"), rule =>
        {
            Assert.Contains(rule["labels", "severity"].Text, (string[])["critical", "warning"]);
            Assert.Equal(["summary", "runbook"], rule["annotations"].Keys);
            Assert.All(rule["annotations"].Keys, key => Assert.EndsWith(".", rule["annotations", key].Text, StringComparison.Ordinal));
            Assert.DoesNotContain('\n', rule["annotations", "runbook"].Text);
        });
        Assert.Distinct(Rules("alerts.yml").Select(rule => rule["alert"].Text));
    }

    [Fact]
    public void A_recorded_series_is_named_by_level_metric_and_operation() =>
        Assert.All(Rules("recording.yml"), rule => Assert.Matches("^p2p:[a-z_]+:[a-z0-9_]+$", rule["record"].Text));

    [Fact]
    public void Every_target_file_that_the_configuration_reads_is_there()
    {
        var files = Yaml.Load("prometheus", "prometheus.yml").Scalars().Where(scalar => scalar.Path.EndsWith("file_sd_configs.files", StringComparison.Ordinal));

        Assert.All(files, file => Assert.NotEmpty(Yaml.Load("prometheus", file.Text).Items));
    }

    /// <summary>Names of the alerts that a unit test expects to fire, as alerts or as samples of <c>ALERTS</c>.</summary>
    private static IEnumerable<string> FiringIn(Yaml test)
    {
        var alerts = (test.Find("alert_rule_test")?.Items ?? []).Where(it => it["exp_alerts"].Items.Count > 0).Select(it => it["alertname"].Text);
        var samples = (test.Find("promql_expr_test")?.Items ?? []).SelectMany(it => it["exp_samples"].Items).Select(it => Firing().Match(it["labels"].Text));
        return alerts.Concat(samples.Where(match => match.Success).Select(match => match.Groups["name"].Value));
    }

    [GeneratedRegex("""^ALERTS\{alertname="(?<name>\w+)",alertstate="firing"[,}]""")]
    private static partial Regex Firing();

    private static IEnumerable<Yaml> Rules(string file) =>
        Yaml.Load("prometheus", "rules", file)["groups"].Items.SelectMany(group => group["rules"].Items);
}
