using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>What a cluster shows of the pods: whether they run, and whether each that asks for a Dapr sidecar has a healthy one.</summary>
internal sealed class PodExamination(Kubectl kubectl, string space)
{
    private const string Enabled = "dapr.io/enabled";
    private const string Sidecar = "daprd";

    /// <summary>Findings, worst first for each pod; one when all is well.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var reply = await kubectl.PodsAsync(space, cancellationToken);
        if (reply.Value is not { } document)
        {
            return [new Finding(reply.Failure!.Message, "install kubectl, choose the cluster (kubectl config use-context), or leave --namespace out")];
        }

        using (document)
        {
            var pods = document.RootElement.GetProperty("items").EnumerateArray().Where(pod => TextOf(pod, "status", "phase") is not "Succeeded").ToList();
            if (pods.Count == 0)
            {
                return [new Finding($"no pod runs in the namespace {space}", "install the chart: make deploy, or name another namespace")];
            }

            List<Finding> wrong = [.. pods.SelectMany(Examine)];
            return wrong.Count > 0 ? wrong : [new Finding($"{pods.Count} pods run, and all that ask for a sidecar have a healthy one")];
        }
    }

    private IEnumerable<Finding> Examine(JsonElement pod)
    {
        var name = TextOf(pod, "metadata", "name")!;
        var statuses = Items(pod, "status", "containerStatuses").Concat(Items(pod, "status", "initContainerStatuses"))
            .ToLookup(status => TextOf(status, "name"), StringComparer.Ordinal);
        if (TextOf(pod, "metadata", "annotations", Enabled) is "true")
        {
            var hasSidecar = Items(pod, "spec", "containers").Concat(Items(pod, "spec", "initContainers")).Any(container => TextOf(container, "name") == Sidecar);
            if (!hasSidecar)
            {
                yield return new Finding(
                    $"{name}: no sidecar was injected",
                    $"see whether Dapr's injector runs (kubectl get pods --namespace dapr-system), then start the pod again: kubectl delete pod {name} --namespace {space}");
                yield break;
            }

            if (!statuses[Sidecar].Any(IsReady))
            {
                yield return new Finding(
                    $"{name}: its sidecar is not healthy{WaitingOf(statuses[Sidecar])}",
                    $"read its log: kubectl logs {name} --container {Sidecar} --namespace {space}; a wrong Configuration or a missing token secret stops it at its start");
            }
        }

        if (TextOf(pod, "status", "phase") is "Pending")
        {
            yield return new Finding($"{name}: waits to be placed or for its image", $"kubectl describe pod {name} --namespace {space}");
        }

        foreach (var status in statuses.SelectMany(group => group).Where(status => TextOf(status, "name") != Sidecar && !IsReady(status) && !HasEnded(status)))
        {
            yield return new Finding(
                $"{name}: {TextOf(status, "name")} is not ready{WaitingOf([status])}",
                $"kubectl logs {name} --container {TextOf(status, "name")} --namespace {space}");
        }
    }

    private static bool IsReady(JsonElement status) => status.TryGetProperty("ready", out var ready) && ready.GetBoolean();

    /// <summary>A container that was to end, such as one that prepares a volume.</summary>
    private static bool HasEnded(JsonElement status) => TextOf(status, "state", "terminated", "reason") is "Completed";

    private static string WaitingOf(IEnumerable<JsonElement> statuses) =>
        statuses.Select(status => TextOf(status, "state", "waiting", "reason")).FirstOrDefault(reason => reason is not null) is { } reason ? $" ({reason})" : "";

    private static string? TextOf(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(part, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.String ? element.GetString() : null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string outer, string inner) =>
        element.TryGetProperty(outer, out var parent) && parent.TryGetProperty(inner, out var list) ? [.. list.EnumerateArray()] : [];
}
