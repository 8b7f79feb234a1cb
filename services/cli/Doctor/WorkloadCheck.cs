using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>Whether a StatefulSet or Deployment has the pods that it wants.</summary>
internal sealed class WorkloadCheck(JsonElement workload, string space)
{
    private readonly string _name = workload.TextAt("metadata", "name") ?? "?";
    private readonly int _wanted = workload.NumberAt("spec", "replicas") ?? 1;
    private readonly int _made = workload.NumberAt("status", "replicas") ?? 0;
    private readonly int _ready = workload.NumberAt("status", "readyReplicas") ?? 0;

    /// <summary>A finding when pods are missing: the cluster may refuse them, and then none is there to say why.</summary>
    /// <param name="broken">The pods that say themselves why they are not ready.</param>
    public Finding? Run(IEnumerable<string> broken)
    {
        var events = $"kubectl --namespace {space} get events";
        if (_made < _wanted)
        {
            return new Finding($"{_name}: {_made} of {_wanted} pods are there", $"see why pods are refused: {events}");
        }

        return _ready < _wanted && !broken.Any(pod => pod.StartsWith($"{_name}-", StringComparison.Ordinal))
            ? new Finding($"{_name}: {_ready} of {_wanted} pods are ready", $"wait a minute after a change; if it lasts: {events}")
            : null;
    }
}
