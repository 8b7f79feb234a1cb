using k8s;
using k8s.Models;

namespace P2PCloud.Chart.Tests.Kinds;

/// <summary>Fields of Dapr's Configuration (configurations.dapr.io, v1alpha1, Dapr 1.18) that the chart may use.</summary>
public sealed class DaprConfiguration : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ConfigurationSpec Spec { get; set; } = new();
}

public sealed class ConfigurationSpec
{
    public NameResolution? NameResolution { get; set; }

    public Tracing? Tracing { get; set; }

    public MetricsSpec? Metrics { get; set; }

    public IList<Feature>? Features { get; set; }

    public AccessControl? AccessControl { get; set; }
}

public sealed class NameResolution
{
    public string? Component { get; set; }

    public string? Version { get; set; }

    public IDictionary<string, string>? Configuration { get; set; }
}

public sealed class Tracing
{
    public string? SamplingRate { get; set; }

    public OtelEndpoint? Otel { get; set; }
}

public sealed class OtelEndpoint
{
    public string? Protocol { get; set; }

    public string? EndpointAddress { get; set; }

    public bool? IsSecure { get; set; }
}

public sealed class MetricsSpec
{
    public bool? Enabled { get; set; }

    public HttpMetrics? Http { get; set; }
}

public sealed class HttpMetrics
{
    public bool? IncreasedCardinality { get; set; }
}

public sealed class Feature
{
    public string? Name { get; set; }

    public bool? Enabled { get; set; }
}

public sealed class AccessControl
{
    public string? DefaultAction { get; set; }

    public string? TrustDomain { get; set; }

    public IList<AppPolicy>? Policies { get; set; }
}

public sealed class AppPolicy
{
    public string? AppId { get; set; }

    public string? Namespace { get; set; }

    public string? TrustDomain { get; set; }

    public string? DefaultAction { get; set; }

    public IList<AppOperation>? Operations { get; set; }
}

public sealed class AppOperation
{
    public string? Name { get; set; }

    public IList<string>? HttpVerb { get; set; }

    public string? Action { get; set; }
}
