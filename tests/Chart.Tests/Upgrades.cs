using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>What must stay in an upgrade.</summary>
internal static class Upgrades
{
    /// <summary>Fields that Kubernetes does not let change after an object was made: an upgrade that changes them fails.</summary>
    public static IEnumerable<string> Immutable(Manifests all) =>
    [
        .. all.All<V1Deployment>().Select(it => $"Deployment {it.Metadata.Name}: selector {Text(it.Spec.Selector)}"),
        .. all.All<V1StatefulSet>().SelectMany(it => (string[])
        [
            $"StatefulSet {it.Metadata.Name}: selector {Text(it.Spec.Selector)}",
            $"StatefulSet {it.Metadata.Name}: Service {it.Spec.ServiceName}, cluster IP {all.Get<V1Service>(it.Spec.ServiceName).Spec.ClusterIP}",
            $"StatefulSet {it.Metadata.Name}: pods {it.Spec.PodManagementPolicy}",
            .. (it.Spec.VolumeClaimTemplates ?? []).Select(claim => $"StatefulSet {it.Metadata.Name}: claim {Text(claim)}"),
        ]),
    ];

    /// <summary>Names under which clients and other objects know what a release has, or that hold what must not be made anew.</summary>
    public static IEnumerable<string> Names(Manifests all) =>
    [
        .. all.All<V1Service>().Select(it => $"Service {it.Metadata.Name}: cluster IP {it.Spec.ClusterIP ?? "of its own"}"),
        .. all.All<V1Secret>().Select(it => $"Secret {it.Metadata.Name}: {string.Join(", ", it.Data.Keys)}"),
        .. all.All<V1ServiceAccount>().Select(it => $"ServiceAccount {it.Metadata.Name}"),
        .. all.Workloads.Where(it => it.HasSidecar).Select(it => $"App id {it.Annotations.GetOrNull("dapr.io/app-id") ?? $"{it.Metadata.Name}-<ordinal>"}"),
    ];

    private static string Text<T>(T? value) => value is null ? "" : k8s.KubernetesJson.Serialize(value);
}
