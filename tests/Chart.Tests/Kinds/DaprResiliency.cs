using System.ComponentModel.DataAnnotations;
using k8s;
using k8s.Models;

namespace P2PCloud.Chart.Tests.Kinds;

/// <summary>Fields of Dapr's Resiliency (resiliencies.dapr.io, v1alpha1, Dapr 1.18) that the chart may use.</summary>
public sealed class DaprResiliency : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public IList<string>? Scopes { get; set; }

    public ResiliencySpec Spec { get; set; } = new();
}

public sealed class ResiliencySpec
{
    [Required]
    public Policies? Policies { get; set; }

    [Required]
    public Targets? Targets { get; set; }
}

/// <summary>None of them is used: an app named here loses the built-in retry.</summary>
public sealed class Targets;

public sealed class Policies
{
    public IDictionary<string, string>? Timeouts { get; set; }

    public IDictionary<string, RetryPolicy>? Retries { get; set; }

    public IDictionary<string, BreakerPolicy>? CircuitBreakers { get; set; }
}

public sealed class RetryPolicy
{
    [Required, OneOf("constant", "exponential")]
    public string? Policy { get; set; }

    [Required]
    public string? Duration { get; set; }

    public int? MaxRetries { get; set; }
}

public sealed class BreakerPolicy
{
    public int? MaxRequests { get; set; }

    public string? Interval { get; set; }

    public string? Timeout { get; set; }

    [Required]
    public string? Trip { get; set; }
}
