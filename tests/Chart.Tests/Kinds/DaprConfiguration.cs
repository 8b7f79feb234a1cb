using System.ComponentModel.DataAnnotations;
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
    [Required]
    public string? Component { get; set; }

    [Required]
    public string? Version { get; set; }

    public IDictionary<string, string>? Configuration { get; set; }
}

public sealed class Tracing
{
    [Required]
    public string? SamplingRate { get; set; }

    public OtelEndpoint? Otel { get; set; }
}

public sealed class OtelEndpoint
{
    [Required, OneOf("grpc", "http")]
    public string? Protocol { get; set; }

    [Required]
    public string? EndpointAddress { get; set; }

    [Required]
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
    [Required]
    public string? Name { get; set; }

    [Required]
    public bool? Enabled { get; set; }
}

public sealed class AccessControl
{
    [Required, OneOf("allow", "deny")]
    public string? DefaultAction { get; set; }

    [Required]
    public string? TrustDomain { get; set; }

    public IList<AppPolicy>? Policies { get; set; }
}

public sealed class AppPolicy
{
    [Required]
    public string? AppId { get; set; }

    [Required]
    public string? Namespace { get; set; }

    [Required]
    public string? TrustDomain { get; set; }

    [Required, OneOf("allow", "deny")]
    public string? DefaultAction { get; set; }

    [Required]
    public IList<AppOperation>? Operations { get; set; }
}

public sealed class AppOperation
{
    [Required, RegularExpression("/.*")]
    public string? Name { get; set; }

    [Required, OneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")]
    public IList<string>? HttpVerb { get; set; }

    [Required, OneOf("allow", "deny")]
    public string? Action { get; set; }
}
