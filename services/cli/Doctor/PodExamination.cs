using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>What a cluster shows of the pods: whether they run, and whether each that asks for a Dapr sidecar has a healthy one.</summary>
internal sealed class PodExamination(Kubectl kubectl, string space)
{
    /// <summary>Findings, the missing pods first; one when all is well.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var reply = await kubectl.GetAsync("pods,statefulsets,deployments", space, cancellationToken);
        if (reply.Value is not { } document)
        {
            return
            [
                new Finding(
                    reply.Failure!.Message,
                    "install kubectl, choose the cluster (kubectl config current-context names it, kubectl config use-context changes it), or leave --namespace out"),
            ];
        }

        using (document)
        {
            return Examine(document.RootElement.ItemsAt("items"));
        }
    }

    private List<Finding> Examine(IReadOnlyList<JsonElement> items)
    {
        var pods = items.Where(item => item.TextAt("kind") is "Pod" && PodCheck.IsToRun(item)).Select(pod => new PodCheck(pod, space)).ToList();
        var broken = pods.Select(pod => (pod.Name, Findings: pod.Run().ToList())).Where(pod => pod.Findings.Count > 0).ToList();
        var missing = items.Where(item => item.TextAt("kind") is "StatefulSet" or "Deployment")
            .Select(workload => new WorkloadCheck(workload, space).Run(broken.ConvertAll(pod => pod.Name))).OfType<Finding>();
        List<Finding> wrong = [.. missing, .. broken.SelectMany(pod => pod.Findings)];
        if (wrong.Count > 0)
        {
            return wrong;
        }

        return pods.Count == 0
            ? [new Finding($"no pod runs in the namespace {space}", "install the chart: make deploy, or name another namespace")]
            : [new Finding($"{pods.Count} pods run, and all that ask for a sidecar have a healthy one")];
    }
}
