using System.ComponentModel.DataAnnotations;
using k8s;
using k8s.Models;

namespace P2PCloud.Chart.Tests.Kinds;

/// <summary>Fields of KEDA's ScaledObject (v1alpha1) that the chart may use.</summary>
public sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ScaledObjectSpec Spec { get; set; } = new();
}

public sealed class ScaledObjectSpec
{
    [Required]
    public V2CrossVersionObjectReference? ScaleTargetRef { get; set; }

    public int? MinReplicaCount { get; set; }

    public int? MaxReplicaCount { get; set; }

    public int? CooldownPeriod { get; set; }

    public AdvancedScaling? Advanced { get; set; }

    [Required, MinLength(1)]
    public IList<Trigger>? Triggers { get; set; }
}

public sealed class AdvancedScaling
{
    public ScalerConfig? HorizontalPodAutoscalerConfig { get; set; }
}

public sealed class ScalerConfig
{
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

public sealed class Trigger
{
    [Required, OneOf("prometheus")]
    public string? Type { get; set; }

    [OneOf("AverageValue", "Value")]
    public string? MetricType { get; set; }

    [Required]
    public IDictionary<string, string>? Metadata { get; set; }
}
