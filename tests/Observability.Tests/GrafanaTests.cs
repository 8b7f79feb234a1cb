using System.Text.Json;
using System.Text.RegularExpressions;

namespace P2PCloud.Observability.Tests;

/// <summary>Dashboards and their provisioning, as far as files tell; what their queries return is tested with a running Prometheus.</summary>
public sealed partial class GrafanaTests
{
    private static readonly string[] Units =
        ["short", "none", "s", "reqps", "ops", "bytes", "Bps", "percentunit"];

    public static TheoryData<string> Files => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Fact]
    public void There_is_a_dashboard_for_lookups_overlays_keys_gateway_and_runtime() =>
        Assert.Equal(["dotnet.json", "gateway.json", "keys.json", "lookups.json", "ring.json"], Dashboard.All.Select(dashboard => dashboard.File));

    [Fact]
    public void Identifiers_and_titles_of_dashboards_are_their_own()
    {
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Root.GetProperty("uid").GetString()));
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Root.GetProperty("title").GetString()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_panel_has_its_number_title_description_unit_and_place(string file)
    {
        var panels = Find(file).Panels.ToList();

        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.All(panels, panel =>
        {
            Assert.NotEmpty(panel.GetProperty("title").GetString()!);
            Assert.NotEmpty(panel.GetProperty("description").GetString()!);
            Assert.Contains(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), Units);
            Assert.Contains(panel.GetProperty("type").GetString(), (string[])["timeseries", "stat", "bargauge"]);
        });
        Assert.Distinct(panels.SelectMany(CellsOf));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_query_asks_the_chosen_source_for_the_chosen_services_and_uses_declared_variables(string file)
    {
        var dashboard = Find(file);
        var variables = dashboard.Variables.Select(variable => variable.GetProperty("name").GetString()!).ToList();

        Assert.All(dashboard.Panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Append(panel)), asked =>
            Assert.Equal("${datasource}", asked.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.All(dashboard.Queries, query =>
        {
            Assert.Contains("job=~\"$job\"", query.Expression, StringComparison.Ordinal);
            Assert.Empty(Variable().Matches(query.Expression).Select(match => match.Groups[1].Value).Except([.. variables, "__rate_interval"]));
        });
    }

    [Fact]
    public void Exemplars_of_the_data_source_lead_to_Jaeger()
    {
        var sources = Yaml.Load("grafana", "provisioning", "datasources", "datasources.yaml")["datasources"].Items;

        var prometheus = Assert.Single(sources, source => source["type"].Text == "prometheus");
        var jaeger = Assert.Single(sources, source => source["type"].Text == "jaeger");
        var destination = Assert.Single(prometheus["jsonData", "exemplarTraceIdDestinations"].Items);
        Assert.Equal("trace_id", destination["name"].Text);
        Assert.Equal(jaeger["uid"].Text, destination["datasourceUid"].Text);
    }

    [Fact]
    public void Whoever_reaches_Grafana_on_one_machine_may_follow_an_exemplar_to_its_trace()
    {
        var settings = Yaml.Load("compose.yaml")["services", "grafana", "environment"];

        Assert.Equal("Viewer", settings["GF_AUTH_ANONYMOUS_ORG_ROLE"].Text);
        Assert.Equal("true", settings["GF_USERS_VIEWERS_CAN_EDIT"].Text);
    }

    private static Dashboard Find(string file) => Dashboard.All.Single(dashboard => dashboard.File == file);

    private static IEnumerable<(int X, int Y)> CellsOf(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        int Side(string name) => place.GetProperty(name).GetInt32();
        Assert.InRange(Side("x") + Side("w"), 1, 24);
        return from x in Enumerable.Range(Side("x"), Side("w"))
               from y in Enumerable.Range(Side("y"), Side("h"))
               select (x, y);
    }

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Variable();
}
