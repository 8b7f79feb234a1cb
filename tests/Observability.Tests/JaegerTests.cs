namespace P2PCloud.Observability.Tests;

/// <summary>Jaeger's configuration, field by field: Jaeger itself does not run here.</summary>
public sealed class JaegerTests
{
    private readonly Yaml _file = Yaml.Load("jaeger.yaml");

    [Fact]
    public void All_components_are_known_declared_and_used() => Pipelines.Check(
        _file,
        "receivers/otlp",
        "processors/batch",
        "exporters/jaeger_storage_exporter",
        "extensions/healthcheckv2",
        "extensions/jaeger_query",
        "extensions/jaeger_storage");

    [Theory]
    [InlineData("receivers otlp", "protocols.grpc.endpoint", "protocols.http.endpoint")]
    [InlineData("extensions healthcheckv2", "use_v2", "http.endpoint")]
    [InlineData("extensions jaeger_query", "storage.traces", "http.endpoint", "grpc.endpoint")]
    [InlineData("extensions jaeger_storage", "backends.memory.memory.max_traces")]
    [InlineData("exporters jaeger_storage_exporter", "trace_storage")]
    public void A_component_has_its_fields_and_no_other(string component, params string[] fields) => Pipelines.CheckFields(_file, component, fields);

    [Fact]
    public void What_is_stored_is_what_is_asked_for()
    {
        var stores = _file["extensions", "jaeger_storage", "backends"].Keys;

        Assert.Equal(stores, [_file["exporters", "jaeger_storage_exporter", "trace_storage"].Text]);
        Assert.Equal(stores, [_file["extensions", "jaeger_query", "storage", "traces"].Text]);
    }
}
