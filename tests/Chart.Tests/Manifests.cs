using k8s;
using k8s.Models;
using P2PCloud.Chart.Tests.Kinds;

namespace P2PCloud.Chart.Tests;

/// <summary>Rendered documents, each as an object of its Kubernetes type.</summary>
internal sealed class Manifests(IReadOnlyList<object> objects)
{
    private static readonly Dictionary<string, Type> Custom = new()
    {
        ["dapr.io/v1alpha1/Configuration"] = typeof(DaprConfiguration),
        ["dapr.io/v1alpha1/Resiliency"] = typeof(DaprResiliency),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
    };

    public IReadOnlyList<object> Objects { get; } = objects;

    /// <summary>Templates of pods with the object that makes them.</summary>
    public IEnumerable<Workload> Workloads =>
    [
        .. All<V1Deployment>().Select(it => new Workload(it.Metadata, it.Spec.Template, it.Spec.Selector.MatchLabels)),
        .. All<V1StatefulSet>().Select(it => new Workload(it.Metadata, it.Spec.Template, it.Spec.Selector.MatchLabels)),
        .. All<V1Job>().Select(it => new Workload(it.Metadata, it.Spec.Template, null)),
    ];

    /// <summary>Names of all objects, with their kinds.</summary>
    public IEnumerable<string> Names => Objects.Cast<IKubernetesObject<V1ObjectMeta>>().Select(it => $"{it.Kind}/{it.Metadata.Name}");

    /// <summary>Reads documents; a field that their types do not have is an error, and one that Dapr's and KEDA's kinds lack or that is wrong.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">A document does not fit its type; says where.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A field is missing or has a wrong value; says where.</exception>
    public static Manifests Parse(string text)
    {
        // One at a time: a parser takes a limited number of events. A text at the end of a document ends with its line.
        var objects = text.Split("\n---\n").SelectMany(document => KubernetesYaml.LoadAllFromString($"{document}\n", Custom, strict: true)).ToList();
        foreach (var custom in objects.Where(it => Custom.ContainsValue(it.GetType())))
        {
            Rules.Check(custom);
        }

        return new Manifests(objects);
    }

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>The object of a type and a name.</summary>
    public T Get<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> =>
        All<T>().Single(it => it.Metadata.Name == name);
}

/// <summary>Pods and who makes them.</summary>
/// <param name="Metadata">Of the object that makes the pods.</param>
/// <param name="Template">The pods.</param>
/// <param name="Selector">Null for a Job, which makes its own.</param>
internal sealed record Workload(V1ObjectMeta Metadata, V1PodTemplateSpec Template, IDictionary<string, string>? Selector)
{
    public string Component => Metadata.Labels["app.kubernetes.io/component"];

    public IDictionary<string, string> Annotations => Template.Metadata.Annotations ?? new Dictionary<string, string>();

    public bool HasSidecar => Annotations.TryGetValue("dapr.io/enabled", out var enabled) && enabled == "true";

    public IEnumerable<V1Container> Containers => [.. Template.Spec.InitContainers ?? [], .. Template.Spec.Containers];

    /// <summary>Environment of the first container, by name; null where the value comes from elsewhere.</summary>
    public IReadOnlyDictionary<string, string?> Environment => Template.Spec.Containers[0].Env.ToDictionary(it => it.Name, it => (string?)it.Value);

    /// <inheritdoc/>
    public override string ToString() => Metadata.Name;
}
