namespace P2PCloud.Observability.Tests;

/// <summary>The collector's configuration, field by field: the collector itself does not run here.</summary>
public sealed class CollectorTests
{
    private readonly Yaml _file = Yaml.Load("collector.yaml");

    [Fact]
    public void All_components_are_known_declared_and_used() => Pipelines.Check(
        _file,
        "receivers/otlp",
        "processors/memory_limiter",
        "processors/filter",
        "processors/tail_sampling",
        "processors/batch",
        "exporters/otlp_grpc",
        "exporters/prometheus",
        "exporters/nop",
        "extensions/health_check");

    [Theory]
    [InlineData("receivers otlp", "protocols.grpc.endpoint", "protocols.http.endpoint")]
    [InlineData("processors memory_limiter", "check_interval", "limit_percentage", "spike_limit_percentage")]
    [InlineData("processors filter/probes", "error_mode", "trace_conditions")]
    [InlineData("processors batch", "timeout", "send_batch_size", "send_batch_max_size")]
    [InlineData("exporters otlp_grpc/jaeger", "endpoint", "tls.insecure", "sending_queue.queue_size", "retry_on_failure.max_elapsed_time")]
    [InlineData("exporters prometheus", "endpoint", "enable_open_metrics", "metric_expiration")]
    [InlineData("extensions health_check", "endpoint")]
    [InlineData(
        "service telemetry", "logs.encoding", "metrics.level", "metrics.readers.pull.exporter.prometheus.host", "metrics.readers.pull.exporter.prometheus.port")]
    public void A_component_has_its_fields_and_no_other(string component, params string[] fields) => Pipelines.CheckFields(_file, component, fields);

    [Fact]
    public void Memory_is_limited_first_and_batches_are_made_last()
    {
        foreach (var signal in (string[])["traces", "metrics"])
        {
            var processors = _file["service", "pipelines", signal, "processors"].Texts;
            Assert.Equal("memory_limiter", processors[0]);
            Assert.Equal("batch", processors[^1]);
        }
    }

    [Fact]
    public void Traces_go_to_Jaeger_without_probes_and_with_floods_sampled()
    {
        var traces = _file["service", "pipelines", "traces"];

        Assert.Equal(["otlp_grpc/jaeger"], traces["exporters"].Texts);
        Assert.Equal(["filter/probes", "tail_sampling"], traces["processors"].Texts.Skip(1).Take(2));
    }

    /// <summary>A flood takes its full time whenever a neighbour is dead: a policy for slow traces would keep just the largest, all of them.</summary>
    [Fact]
    public void Of_large_traces_the_failed_and_a_sample_are_kept_and_none_for_being_slow() => Assert.Equal(
        ["failed-lookups", "small", "floods"], _file["processors", "tail_sampling", "policies"].Items.Select(policy => policy["name"].Text));

    /// <summary>The collector infers from the first name of a path of what a condition speaks.</summary>
    [Fact]
    public void A_condition_on_traces_names_the_span_of_each_attribute() =>
        Assert.All(_file["processors", "filter/probes", "trace_conditions"].Texts, condition => Assert.Matches(@"^(?=.*\bspan\.)((?!(?<!span\.)attributes).)*$", condition));

    [Fact]
    public void Metrics_go_to_Prometheus_with_exemplars()
    {
        Assert.Equal(["prometheus"], _file["service", "pipelines", "metrics", "exporters"].Texts);
        Assert.Equal("true", _file["exporters", "prometheus", "enable_open_metrics"].Text);
    }

    [Fact]
    public void A_policy_of_sampling_has_the_fields_of_its_type()
    {
        var policies = _file["processors", "tail_sampling", "policies"].Items;

        Assert.All([.. policies, .. policies.Where(policy => policy["type"].Text == "and").SelectMany(policy => policy["and", "and_sub_policy"].Items)], policy =>
        {
            Assert.Equal(["name", "type", policy["type"].Text], policy.Keys);
            var fields = policy[policy["type"].Text].Keys;
            Assert.Equal(FieldsOf(policy["type"].Text), fields.Where(field => field != "max_spans" || policy["type"].Text != "span_count"));
        });
        Assert.Distinct(policies.Select(policy => policy["name"].Text));
        Assert.Equal(
            ["decision_wait", "num_traces", "expected_new_traces_per_sec", "decision_cache", "policies"], _file["processors", "tail_sampling"].Keys);
        Assert.Equal(["sampled_cache_size", "non_sampled_cache_size"], _file["processors", "tail_sampling", "decision_cache"].Keys);
    }

    /// <summary>Each trace is small or large, and so has a policy that decides on it.</summary>
    [Fact]
    public void Every_small_trace_is_kept_and_the_large_ones_begin_where_the_small_ones_end()
    {
        var policies = _file["processors", "tail_sampling", "policies"].Items;
        var small = Assert.Single(policies, policy => policy["name"].Text == "small")["span_count"];
        var large = Assert.Single(policies, policy => policy["type"].Text == "and")["and", "and_sub_policy"].Items[0]["span_count"];

        Assert.Equal("1", small["min_spans"].Text);
        Assert.Equal(int.Parse(small["max_spans"].Text) + 1, int.Parse(large["min_spans"].Text));
        Assert.Null(large.Find("max_spans"));
    }

    /// <summary>The collector expands what follows a dollar sign, in regular expressions too.</summary>
    [Fact]
    public void A_dollar_sign_begins_a_variable_with_a_default() =>
        Assert.All(_file.Scalars().Where(scalar => scalar.Text.Contains('$', StringComparison.Ordinal)), scalar => Assert.Matches("^\\$\\{env:[A-Z_]+:-[^$}]+\\}$", scalar.Text));

    [Fact]
    public void Prometheus_scrapes_the_ports_that_the_collector_opens()
    {
        var services = Yaml.Load("prometheus", "targets", "telemetry.yml").Items[0]["targets"].Texts;
        var own = Yaml.Load("prometheus", "targets", "collector.yml").Items[0]["targets"].Texts;

        Assert.Equal(PortOf(_file["exporters", "prometheus", "endpoint"].Text), PortOf(Assert.Single(services)));
        var pull = _file["service", "telemetry", "metrics", "readers"].Items[0]["pull", "exporter", "prometheus", "port"].Text;
        Assert.Equal(pull, PortOf(Assert.Single(own)));
    }

    [Fact]
    public void Traces_leave_for_the_port_at_which_Jaeger_listens() => Assert.Equal(
        PortOf(Yaml.Load("jaeger.yaml")["receivers", "otlp", "protocols", "grpc", "endpoint"].Text),
        PortOf(_file["exporters", "otlp_grpc/jaeger", "endpoint"].Text));

    private static string PortOf(string endpoint) => Pipelines.DefaultOf(endpoint).Split(':')[^1];

    private static string[] FieldsOf(string type) => type switch
    {
        "ottl_condition" => ["error_mode", "span"],
        "span_count" => ["min_spans"],
        "probabilistic" => ["sampling_percentage"],
        "and" => ["and_sub_policy"],
        _ => [],
    };
}
