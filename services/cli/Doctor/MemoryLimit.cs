namespace P2PCloud.Cli.Doctor;

/// <summary>The values of the chart that limit memory.</summary>
internal static class MemoryLimit
{
    /// <summary>The value for a container, by its name and its pod's component.</summary>
    public static string ValueOf(string? component, string container) => (container, component) switch
    {
        (Container.Sidecar, _) => "dapr.sidecar.memoryLimit",
        (_, "peer" or "supernode") => $"{component}s.resources.limits.memory",
        (_, "redis") => "redis.builtIn.resources.limits.memory",
        (_, "collector" or "jaeger" or "prometheus" or "grafana") => $"observability.{component}.resources.limits.memory",
        _ => $"{component ?? container}.resources.limits.memory",
    };
}
