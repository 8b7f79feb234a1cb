using System.Text.RegularExpressions;
using k8s.Models;
using P2PCloud.Chart.Tests.Kinds;
using YamlDotNet.RepresentationModel;

namespace P2PCloud.Chart.Tests;

/// <summary>The collector and the viewers in the chart, beside the files of observability/.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "observability");

    /// <summary>Files that a cluster does not need, or that the chart writes itself.</summary>
    private static readonly string[] Elsewhere =
        ["README.md", "compose.yaml", "prometheus/tests/alerts.yml", "prometheus/targets/telemetry.yml", "prometheus/targets/collector.yml"];

    public static TheoryData<string, string> Homes => new()
    {
        { "collector", "collector.yaml" },
        { "jaeger", "jaeger.yaml" },
        { "prometheus", "prometheus" },
        { "grafana", "grafana" },
    };

    public static TheoryData<string> WithSidecars => [.. Sets.WithSidecars];

    [Theory]
    [MemberData(nameof(Homes))]
    public void A_component_mounts_its_files_of_observability_as_they_are(string component, string home)
    {
        var config = Sets.Render("observability").Get<V1ConfigMap>($"demo-p2pcloud-{component}");
        var mounted = PathsOf(component);
        var files = Files().Where(file => file == home || file.StartsWith($"{home}/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var path = file == home ? file : file[(home.Length + 1)..];
            Assert.Equal(File.ReadAllText(Path.Combine(Folder, file)), config.Data[mounted[path]]);
        });
        Assert.Equal(config.Data.Keys.Order(), mounted.Values.Order());
    }

    [Fact]
    public void Every_file_of_observability_has_a_component() => Assert.Equal(
        Files().Count(), Homes.Sum(home => Files().Count(file => file.Split('/')[0] == home.Data.Item2)));

    /// <summary>The test reads the folder; helm reads the link in the chart. A package must carry what the link leads to.</summary>
    [Fact]
    public void A_package_of_the_chart_renders_as_the_chart_does()
    {
        var folder = Directory.CreateTempSubdirectory("p2pcloud-chart-").FullName;
        try
        {
            var package = Helm.Run(["package", Helm.Chart, "--destination", folder]);
            Assert.True(package.ExitCode == 0, package.Error);

            var rendered = Helm.Run(["template", "demo", Assert.Single(Directory.GetFiles(folder)), "--namespace", "p2p", .. Sets.Arguments("observability")]);

            Assert.Equal(WithoutTokens(Helm.Template(Sets.Arguments("observability")).Output), WithoutTokens(rendered.Output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Configurations_are_where_the_programs_look_for_them()
    {
        Assert.Contains("/etc/otel/collector.yaml", MountedBy("collector"));
        Assert.Equal(["--config", "/etc/otel/collector.yaml"], ContainerOf("collector").Args);
        Assert.Contains("/etc/jaeger/jaeger.yaml", MountedBy("jaeger"));
        Assert.Equal(["--config", "/etc/jaeger/jaeger.yaml"], ContainerOf("jaeger").Args);
        Assert.Contains("/etc/prometheus/prometheus.yml", MountedBy("prometheus"));
        Assert.Contains("--config.file=/etc/prometheus/prometheus.yml", ContainerOf("prometheus").Args);
        Assert.Contains("--enable-feature=exemplar-storage", ContainerOf("prometheus").Args);
        Assert.Contains($"{Environment("grafana")["GF_PATHS_PROVISIONING"]}/datasources/datasources.yaml", MountedBy("grafana"));
        Assert.Contains($"{Environment("grafana")["GF_PATHS_PROVISIONING"]}/dashboards/dashboards.yaml", MountedBy("grafana"));
        Assert.Contains($"{Environment("grafana")["DASHBOARDS_PATH"]}/lookups.json", MountedBy("grafana"));
    }

    /// <summary>A variable that the file does not read would change nothing.</summary>
    [Theory]
    [InlineData("collector", "collector.yaml")]
    [InlineData("jaeger", "jaeger.yaml")]
    [InlineData("grafana", "grafana/provisioning/datasources/datasources.yaml", "grafana/provisioning/dashboards/dashboards.yaml")]
    public void Variables_are_those_of_the_files(string component, params string[] files)
    {
        var read = files.SelectMany(file => Variable().Matches(File.ReadAllText(Path.Combine(Folder, file)))).ToList();
        var set = Environment(component).Keys.Where(name => !name.StartsWith("GF_", StringComparison.Ordinal) && name != "GOMEMLIMIT").ToList();

        Assert.Empty(set.Except(read.Select(match => match.Groups["name"].Value)));
        Assert.Empty(read.Where(match => !match.Groups["default"].Success).Select(match => match.Groups["name"].Value).Except(set));
    }

    /// <summary>Full names of Services that are there, with a port of theirs.</summary>
    [Theory]
    [InlineData("observability")]
    [InlineData("direct observability")]
    [InlineData("KEDA with the chart's Prometheus")]
    public void Every_address_is_that_of_a_Service_of_the_release(string set)
    {
        var all = Sets.Render(set);
        var targets = all.Get<V1ConfigMap>("demo-p2pcloud-prometheus").Data.Where(it => it.Key.StartsWith("targets", StringComparison.Ordinal)).Select(it => it.Value);
        var asked = all.All<ScaledObject>().Select(it => it.Spec.Triggers![0].Metadata!["serverAddress"]);
        var sent = all.Workloads.SelectMany(workload => workload.Containers).SelectMany(container => container.Env ?? []).Select(it => it.Value ?? "");
        var traced = all.All<DaprConfiguration>().Select(it => it.Spec.Tracing!.Otel!.EndpointAddress!);
        var addresses = targets.Concat(asked).Concat(sent).Concat(traced).SelectMany(text => Address().Matches(text)).Select(match => match.Groups).ToList();

        Assert.Superset(
            new HashSet<string> { "collector", "jaeger", "prometheus" }, addresses.Select(it => it["component"].Value).ToHashSet());
        Assert.All(addresses, it => Assert.Contains(
            int.Parse(it["port"].Value, System.Globalization.CultureInfo.InvariantCulture),
            all.Get<V1Service>($"demo-p2pcloud-{it["component"].Value}").Spec.Ports.Select(port => port.Port)));
    }

    [Fact]
    public void Prometheus_scrapes_what_the_collector_gives_out()
    {
        var config = Sets.Render("observability").Get<V1ConfigMap>("demo-p2pcloud-prometheus").Data;

        Assert.Equal("- targets: [\"demo-p2pcloud-collector.p2p.svc.cluster.local:8889\"]", config[PathsOf("prometheus")["targets/telemetry.yml"]].TrimEnd());
        Assert.Equal("- targets: [\"demo-p2pcloud-collector.p2p.svc.cluster.local:8888\"]", config[PathsOf("prometheus")["targets/collector.yml"]].TrimEnd());
    }

    /// <summary>The ports of the chart's containers are the defaults in the files.</summary>
    [Theory]
    [InlineData("collector", "collector.yaml", "COLLECTOR_GRPC_ENDPOINT", "otlp")]
    [InlineData("collector", "collector.yaml", "COLLECTOR_HTTP_ENDPOINT", "otlp-http")]
    [InlineData("collector", "collector.yaml", "COLLECTOR_METRICS_ENDPOINT", "metrics")]
    [InlineData("collector", "collector.yaml", "COLLECTOR_HEALTH_ENDPOINT", "health")]
    [InlineData("jaeger", "jaeger.yaml", "JAEGER_OTLP_GRPC_ENDPOINT", "otlp")]
    [InlineData("jaeger", "jaeger.yaml", "JAEGER_HTTP_ENDPOINT", "http")]
    [InlineData("jaeger", "jaeger.yaml", "JAEGER_HEALTH_ENDPOINT", "health")]
    public void A_port_is_the_one_that_the_file_opens(string component, string file, string variable, string port)
    {
        var opened = Variable().Matches(File.ReadAllText(Path.Combine(Folder, file))).Single(match => match.Groups["name"].Value == variable).Groups["default"].Value;

        Assert.EndsWith($":{ContainerOf(component).Ports.Single(it => it.Name == port).ContainerPort}", opened, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bootstrap")]
    [InlineData("directory")]
    [InlineData("gateway")]
    [InlineData("supernode")]
    [InlineData("peer")]
    public void A_service_tells_its_telemetry_of_its_container_and_of_its_version_which_is_the_images(string component)
    {
        var workload = Helm.Render("--set", "observability.enabled=true,image.tag=1.2.3-beta").Workloads.Single(it => it.Component == component);
        var container = workload.Containers.First();
        var resource = workload.Environment["OTEL_RESOURCE_ATTRIBUTES"]!.Split(',').Select(it => it.Split('=')).ToDictionary(it => it[0], it => it[1]);

        Assert.Equal(container.Name, resource["k8s.container.name"]);
        Assert.Equal(container.Image.Split(':')[^1], resource["service.version"]);
    }

    [Fact]
    public void A_changed_file_restarts_its_program() => Assert.All(
        Sets.Render("observability").Workloads.Where(workload => Homes.Any(home => home.Data.Item1 == workload.Component)),
        workload => Assert.Matches("^[0-9a-f]{64}$", workload.Annotations["checksum/config"]));

    /// <summary>The runtime collects garbage before the kernel ends the program.</summary>
    [Theory]
    [InlineData("observability", "collector")]
    [InlineData("observability", "jaeger")]
    [InlineData("Jaeger alone", "jaeger")]
    [InlineData("tiny", "jaeger")]
    public void A_program_in_Go_knows_its_memory_limit(string set, string component)
    {
        var container = Assert.Single(Sets.Render(set).Workloads.Single(workload => workload.Component == component).Containers);
        var limit = decimal.Parse(container.Env.Single(it => it.Name == "GOMEMLIMIT").Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(0.8m, limit / container.Resources.Limits["memory"].ToDecimal(), 3);
    }

    [Theory]
    [InlineData("1500M", 1_200_000_000)]
    [InlineData("1.5Gi", 1_288_490_188)]
    [InlineData("1000000000", 800_000_000)]
    public void A_memory_limit_may_be_any_quantity(string quantity, long expected)
    {
        var rendered = Helm.Render("--set", "observability.enabled=true", "--set-string", $"observability.jaeger.resources.limits.memory={quantity}");

        var environment = rendered.Workloads.Single(workload => workload.Component == "jaeger").Environment;
        Assert.Equal($"{expected}", environment["GOMEMLIMIT"]);
    }

    [Fact]
    public void Without_a_memory_limit_there_is_none_to_know() => Assert.DoesNotContain(
        "GOMEMLIMIT",
        Helm.Render("--set", "observability.enabled=true,observability.jaeger.resources.limits=null")
            .Workloads.Single(workload => workload.Component == "jaeger").Environment.Keys);

    /// <summary>A pod whose folder outgrows its size is evicted, and all that it holds is gone.</summary>
    [Fact]
    public void Prometheus_drops_what_is_old_before_its_folder_is_full()
    {
        var arguments = ContainerOf("prometheus").Args;
        var size = WorkloadOf("prometheus").Template.Spec.Volumes.Single(volume => volume.Name == "data").EmptyDir.SizeLimit.ToDecimal();

        var kept = arguments.Select(argument => RetentionSize().Match(argument)).Single(match => match.Success).Groups["bytes"].Value;
        Assert.Equal(0.75m, decimal.Parse(kept, System.Globalization.CultureInfo.InvariantCulture) / size, 3);
    }

    [Fact]
    public void Images_are_values() => Assert.Equal(
        ["example.org/collector:1", "example.org/grafana:4", "example.org/jaeger:2", "example.org/prometheus:3"],
        Helm.Render("--set", "observability.enabled=true,observability.collector.image=example.org/collector:1,observability.jaeger.image=example.org/jaeger:2",
                "--set", "observability.prometheus.image=example.org/prometheus:3,observability.grafana.image=example.org/grafana:4")
            .Workloads.SelectMany(workload => workload.Containers).Select(container => container.Image)
            .Where(image => image.StartsWith("example.org", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void On_one_machine_and_on_a_cluster_the_images_are_the_same()
    {
        var yaml = new YamlStream();
        using var text = new StreamReader(Path.Combine(Folder, "compose.yaml"));
        yaml.Load(text);
        var images = ((YamlMappingNode)yaml.Documents[0].RootNode["services"]).Children.Values.Select(service => service["image"].ToString());

        Assert.Equal(images.Order(StringComparer.Ordinal), Homes.Select(home => ContainerOf(home.Data.Item1).Image).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whoever_reaches_Grafana_may_follow_an_exemplar_to_its_trace()
    {
        Assert.Equal("Viewer", Environment("grafana")["GF_AUTH_ANONYMOUS_ORG_ROLE"]);
        Assert.Equal("true", Environment("grafana")["GF_USERS_VIEWERS_CAN_EDIT"]);
    }

    [Theory]
    [InlineData("KEDA", "http://prometheus.observability.svc:9090")]
    [InlineData("KEDA with the chart's Prometheus", "http://demo-p2pcloud-prometheus.p2p.svc.cluster.local:9090")]
    public void KEDA_asks_for_a_metric_with_labels_that_the_table_has(string set, string address)
    {
        var asked = Assert.Single(Sets.Render(set).All<ScaledObject>().Single().Spec.Triggers!).Metadata!;
        var metric = Series().Match(asked["query"]);
        var labels = Label().Matches(metric.Groups["labels"].Value).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        var row = Metrics().Single(it => metric.Groups["name"].Value == $"{it[0].Replace('.', '_')}_seconds_count");

        Assert.Equal(address, asked["serverAddress"]);
        Assert.Equal(("histogram", "s"), (row[1], row[2]));
        Assert.Empty(labels.Keys.Except([.. row[3].Split(", ").Select(attribute => attribute.Replace('.', '_')), "job", "instance"]));
        // job is <service.namespace>/<service.name>, which OptionTests compares with what the services say.
        Assert.Equal("demo-p2pcloud/peer", labels["job"]);
        // Metrics come every 15 s, and are scraped as often: a rate needs some of them, whatever is late.
        Assert.Contains("[2m]", asked["query"], StringComparison.Ordinal);
    }

    /// <summary>Where a sidecar finds no sampled trace, it begins one at this rate: more would push lookups out of Jaeger's memory. At 0 it traces nothing.</summary>
    [Theory]
    [MemberData(nameof(WithSidecars))]
    public void Sidecars_begin_few_traces_of_their_own_and_still_take_part_in_those_of_lookups(string set)
    {
        var rates = Sets.Render(set).All<DaprConfiguration>().Select(it => it.Spec.Tracing!.SamplingRate!).ToList();

        Assert.NotEmpty(rates);
        Assert.All(rates, rate => Assert.InRange(double.Parse(rate, System.Globalization.CultureInfo.InvariantCulture), double.Epsilon, 0.001));
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Except(Elsewhere);

    private static Workload WorkloadOf(string component) => Sets.Render("observability").Workloads.Single(workload => workload.Component == component);

    private static V1Container ContainerOf(string component) => Assert.Single(WorkloadOf(component).Containers);

    private static Dictionary<string, string?> Environment(string component) =>
        (ContainerOf(component).Env ?? []).ToDictionary(it => it.Name, it => (string?)it.Value);

    /// <summary>Paths below the mount with their keys in the ConfigMap.</summary>
    private static Dictionary<string, string> PathsOf(string component) =>
        WorkloadOf(component).Template.Spec.Volumes.Single(volume => volume.Name == "config").ConfigMap.Items.ToDictionary(item => item.Path, item => item.Key);

    private static IEnumerable<string> MountedBy(string component)
    {
        var mount = ContainerOf(component).VolumeMounts.Single(it => it.Name == "config");
        return PathsOf(component).Keys.Select(path => $"{mount.MountPath}/{path}");
    }

    private static IEnumerable<string> WithoutTokens(string rendered) =>
        rendered.Split('\n').Where(line => !line.StartsWith("  token: ", StringComparison.Ordinal));

    /// <summary>Rows of the table of metrics: name, type, unit, attributes, meaning.</summary>
    private static IEnumerable<string[]> Metrics() =>
        File.ReadAllLines(Path.Combine(Folder, "README.md")).SkipWhile(line => line != "<!-- metrics -->").TakeWhile(line => line != "<!-- end of metrics -->")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Replace("`", "", StringComparison.Ordinal).Trim()).ToArray());

    [GeneratedRegex(@"\$\{(env:)?(?<name>[A-Z_]+)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"demo-p2pcloud-(?<component>collector|jaeger|prometheus|grafana)\.p2p\.svc\.cluster\.local:(?<port>\d+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<name>p2p_\w+)\{(?<labels>[^}]*)\}")]
    private static partial Regex Series();

    [GeneratedRegex(@"^--storage\.tsdb\.retention\.size=(?<bytes>\d+)B$")]
    private static partial Regex RetentionSize();

    [GeneratedRegex("""(?<name>\w+)="(?<value>[^"]*)"?""")]
    private static partial Regex Label();
}
