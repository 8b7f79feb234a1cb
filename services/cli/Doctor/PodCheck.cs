using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>What is wrong with one pod.</summary>
internal sealed class PodCheck(JsonElement pod, string space)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = pod.TextAt("metadata", "name") ?? "?";

    private IEnumerable<Container> Containers =>
        pod.ItemsAt("status", "containerStatuses").Concat(pod.ItemsAt("status", "initContainerStatuses")).Select(status => new Container(status));

    private IEnumerable<JsonElement> Specifications => pod.ItemsAt("spec", "containers").Concat(pod.ItemsAt("spec", "initContainers"));

    private string Description => $"kubectl describe pod {Name} --namespace {space}";

    /// <summary>A pod that is there to stay: not one of a Job, such as that of <c>helm test</c>, and not one that ends or has ended.</summary>
    public static bool IsToRun(JsonElement pod) =>
        pod.TextAt("status", "phase") is not "Succeeded"
        && pod.TextAt("metadata", "deletionTimestamp") is null
        && !pod.ItemsAt("metadata", "ownerReferences").Any(owner => owner.TextAt("kind") is "Job");

    /// <summary>Findings, the sidecar's first: other containers may wait for it.</summary>
    public IEnumerable<Finding> Run()
    {
        var phase = pod.TextAt("status", "phase");
        if (phase is "Pending")
        {
            return [Waits()];
        }

        if (phase is "Failed")
        {
            var reason = pod.TextAt("status", "reason");
            return [new Finding($"{Name}: has failed{Because(reason)}", $"{Description}; when you know why: kubectl delete pod {Name} --namespace {space}")];
        }

        if (pod.TextAt("metadata", "annotations", "dapr.io/enabled") is "true" && !Specifications.Any(it => it.TextAt("name") is Container.Sidecar))
        {
            return
            [
                new Finding(
                    $"{Name}: no sidecar was injected",
                    $"see whether Dapr's injector runs (kubectl get pods --namespace dapr-system), then start the pod again: kubectl delete pod {Name} --namespace {space}"),
            ];
        }

        return Containers.OrderBy(container => container.Name is not Container.Sidecar).Select(Examine).OfType<Finding>();
    }

    private Finding Waits()
    {
        var stuck = Containers.FirstOrDefault(it => it.CannotStart) ?? Containers.FirstOrDefault(it => it.Crashes);
        var unplaced = pod.ItemsAt("status", "conditions").FirstOrDefault(it => it.TextAt("type") is "PodScheduled" && it.TextAt("status") is "False");
        var reason = stuck is null
            ? unplaced.TextAt("message") ?? Containers.Select(it => it.Waiting).FirstOrDefault(it => it is not null)
            : $"{stuck.Name}: {stuck.Waiting}";
        return new Finding($"{Name}: waits to be placed or for its image{Because(reason)}", stuck is null ? Description : FixOf(stuck));
    }

    private Finding? Examine(Container container)
    {
        if (container.RanOutOfMemory)
        {
            var value = MemoryLimit.ValueOf(pod.TextAt("metadata", "labels", "app.kubernetes.io/component"), container.Name);
            var limit = Specifications.FirstOrDefault(it => it.TextAt("name") == container.Name).TextAt("resources", "limits", "memory");
            return new Finding(
                $"{Name}: {container.Name} ran out of memory (OOMKilled, restarts: {container.Restarts})",
                $"raise the chart's value {value}{(limit is null ? "" : $", now {limit}")}: make deploy with ARGS='--set {value}=...'");
        }

        if (container.Ready || container.IsDone)
        {
            return null;
        }

        return container.Name is Container.Sidecar
            ? new Finding(
                $"{Name}: its sidecar is not healthy{Because(container.Waiting)}",
                $"{FixOf(container)}; a wrong Configuration or a missing token secret stops it at its start")
            : new Finding($"{Name}: {container.Name} is not ready{Because(container.Waiting)}", FixOf(container));
    }

    private string FixOf(Container container)
    {
        if (container.CannotStart)
        {
            return container.LacksImage && container.HasOwnImage ? $"{Description}; make images, make kind-up bring the cloud's images to kind" : Description;
        }

        return $"kubectl logs {Name} --container {container.Name} --namespace {space}{(container.Crashes ? " --previous" : "")}";
    }

    private static string Because(string? reason) => reason is null ? "" : $" ({reason})";
}
