using k8s.Models;
using P2PCloud.Gateway;

namespace P2PCloud.Chart.Tests;

public sealed class PodTests
{
    private static readonly string[] Nodes = ["peer", "supernode"];

    public static TheoryData<string> All => Sets.Names;

    [Theory]
    [MemberData(nameof(All))]
    public void Pod_Security_restricted_lets_every_pod_pass(string set) =>
        Assert.All(Sets.Render(set).Workloads, workload =>
        {
            var pod = workload.Template.Spec;
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.All([pod.HostNetwork, pod.HostPID, pod.HostIPC], shared => Assert.False(shared ?? false));
            Assert.Empty(pod.EphemeralContainers ?? []);
            Assert.All(pod.Volumes ?? [], volume => Assert.True(
                volume.EmptyDir is not null || volume.ConfigMap is not null || volume.PersistentVolumeClaim is not null));
            Assert.All(workload.Containers, container =>
            {
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Null(container.SecurityContext.Capabilities.Add);
                Assert.False(container.SecurityContext.Privileged ?? false);
                // A container's own settings would take precedence over its pod's.
                Assert.True(container.SecurityContext.RunAsNonRoot ?? true);
                Assert.NotEqual(0, container.SecurityContext.RunAsUser);
                Assert.Equal("RuntimeDefault", container.SecurityContext.SeccompProfile?.Type ?? "RuntimeDefault");
                Assert.True(container.SecurityContext.ProcMount is null or "Default");
                Assert.All(container.Ports ?? [], port => Assert.True(port.HostPort is null or 0));
            });
        });

    [Theory]
    [MemberData(nameof(All))]
    public void No_pod_has_a_token_of_its_service_account(string set) =>
        Assert.All(Sets.Render(set).Workloads, workload => Assert.False(workload.Template.Spec.AutomountServiceAccountToken));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_container_has_requests_and_a_limit_of_memory(string set) =>
        Assert.All(Sets.Render(set).Workloads.SelectMany(workload => workload.Containers), container =>
        {
            Assert.Subset(container.Resources.Requests.Keys.ToHashSet(), new HashSet<string> { "cpu", "memory" });
            Assert.True(container.Resources.Limits["memory"].ToDecimal() >= container.Resources.Requests["memory"].ToDecimal());
        });

    [Theory]
    [MemberData(nameof(All))]
    public void Selectors_match_the_labels_of_their_pods_and_no_others(string set)
    {
        var all = Sets.Render(set);
        var pods = all.Workloads.ToList();
        var selectors = pods.Where(pod => pod.Selector is not null).Select(pod => (pod.Component, pod.Selector!))
            .Concat(all.All<V1Service>().Select(it => (Component(it.Metadata), (IDictionary<string, string>)WithoutPodName(it.Spec.Selector))))
            .Concat(all.All<V1PodDisruptionBudget>().Select(it => (Component(it.Metadata), it.Spec.Selector.MatchLabels)))
            .Concat(all.All<V1NetworkPolicy>().Select(it => (Component(it.Metadata), it.Spec.PodSelector.MatchLabels)))
            .Concat(pods.SelectMany(pod => pod.Template.Spec.TopologySpreadConstraints ?? [], (pod, it) => (pod.Component, it.LabelSelector.MatchLabels)));

        Assert.All(selectors, it => Assert.Equal(
            [it.Item1], pods.Where(pod => it.Item2.All(pod.Template.Metadata.Labels.Contains)).Select(pod => pod.Component)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Ports_of_services_routes_and_probes_are_ports_of_containers(string set)
    {
        var all = Sets.Render(set);
        var pods = all.Workloads.ToDictionary(pod => pod.Component);
        Assert.All(all.All<V1Service>().SelectMany(it => it.Spec.Ports, (it, port) => (Component(it.Metadata), port.TargetPort)), it =>
            Assert.Contains(it.TargetPort.Value, PortsOf(pods[it.Item1])));
        Assert.All(pods.Values.SelectMany(pod => pod.Containers, (pod, container) => (pod, container)), it =>
            Assert.All(PortsOfProbes(it.container), port => Assert.Contains(port, PortsOf(it.pod))));
        Assert.All(all.All<V1Ingress>().SelectMany(it => it.Spec.Rules).SelectMany(rule => rule.Http.Paths), path => Assert.Contains(
            path.Backend.Service.Port.Name, all.Get<V1Service>(path.Backend.Service.Name).Spec.Ports.Select(port => port.Name)));
        Assert.All(all.All<Kinds.HttpRoute>().SelectMany(it => it.Spec.Rules!).SelectMany(rule => rule.BackendRefs!), backend => Assert.Contains(
            backend.Port!.Value, all.Get<V1Service>(backend.Name!).Spec.Ports.Select(port => port.Port)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_pods_refer_to_is_there(string set)
    {
        var all = Sets.Render(set);
        var given = new HashSet<string> { "pw", "mine", "library" };
        Assert.All(all.Workloads, workload =>
        {
            var pod = workload.Template.Spec;
            if (pod.ServiceAccountName is { } account)
            {
                Assert.False(all.Get<V1ServiceAccount>(account).AutomountServiceAccountToken);
            }

            var secrets = workload.Containers.SelectMany(container => container.Env ?? []).Select(it => it.ValueFrom?.SecretKeyRef?.Name)
                .Append(workload.Annotations.GetOrNull("dapr.io/api-token-secret")).Append(workload.Annotations.GetOrNull("dapr.io/app-token-secret"));
            Assert.All(secrets.OfType<string>().Where(name => !given.Contains(name)), name => all.Get<V1Secret>(name));
            Assert.All((pod.Volumes ?? []).Select(volume => volume.ConfigMap?.Name).OfType<string>(), name => all.Get<V1ConfigMap>(name));
            var claims = all.All<V1StatefulSet>().Where(it => it.Metadata.Name == workload.Metadata.Name).SelectMany(it => it.Spec.VolumeClaimTemplates ?? []);
            var volumes = (pod.Volumes ?? []).Select(volume => volume.Name).Concat(claims.Select(claim => claim.Metadata.Name)).ToList();
            Assert.All(workload.Containers.SelectMany(container => container.VolumeMounts ?? []), mount => Assert.Contains(mount.Name, volumes));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_leaving_node_has_the_time_that_it_was_promised_and_its_sidecar_stays(string set) =>
        Assert.All(Sets.Render(set).Workloads.Where(workload => Nodes.Contains(workload.Component)), node =>
        {
            var leave = TimeIn(node.Environment["Node__LeaveDeadline"]!).TotalSeconds;
            var host = Seconds(node.Environment["shutdownTimeoutSeconds"]!);
            var grace = node.Template.Spec.TerminationGracePeriodSeconds!.Value;
            Assert.InRange(leave, 1, host - 1);
            Assert.InRange(host, leave, grace - 1);
            if (node.HasSidecar)
            {
                var stay = Seconds(node.Annotations["dapr.io/block-shutdown-duration"].TrimEnd('s'));
                Assert.InRange(stay, host + 1, grace - Seconds(node.Annotations["dapr.io/graceful-shutdown-seconds"]) - 1);
            }

            Assert.Null(node.Template.Spec.Containers[0].Lifecycle);
        });

    [Theory]
    [MemberData(nameof(All))]
    public void A_node_that_has_left_answers_until_gateways_have_asked_BOOT_again(string set) =>
        Assert.All(Sets.Render(set).Workloads.Where(workload => Nodes.Contains(workload.Component)), node => Assert.InRange(
            TimeIn(node.Environment["Node__DrainTime"]!),
            new GatewayOptions().MembershipRefresh * 1.2,
            TimeSpan.FromSeconds(5)));

    [Fact]
    public void Ways_and_times_follow_a_longer_deadline()
    {
        var peer = Helm.Render("--set", "peers.leaveDeadlineSeconds=100").Workloads.Single(workload => workload.Component == "peer");

        Assert.Equal("110s", peer.Annotations["dapr.io/block-shutdown-duration"]);
        Assert.Equal(120, peer.Template.Spec.TerminationGracePeriodSeconds);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nodes_can_be_reached_while_they_join_and_leave(string set)
    {
        var all = Sets.Render(set);
        Assert.All(all.All<V1StatefulSet>().Where(it => Nodes.Contains(Component(it.Metadata))), nodes =>
        {
            var service = all.Get<V1Service>(nodes.Spec.ServiceName);
            Assert.Equal("None", service.Spec.ClusterIP);
            Assert.True(service.Spec.PublishNotReadyAddresses);
            Assert.Equal("Parallel", nodes.Spec.PodManagementPolicy);
        });
    }

    private static string Component(V1ObjectMeta metadata) => metadata.Labels["app.kubernetes.io/component"];

    private static Dictionary<string, string> WithoutPodName(IDictionary<string, string> selector) =>
        selector.Where(it => it.Key != "statefulset.kubernetes.io/pod-name").ToDictionary();

    /// <summary>Names and numbers, with those of the sidecar.</summary>
    private static IEnumerable<string> PortsOf(Workload workload) => workload.Containers.SelectMany(container => container.Ports ?? [])
        .SelectMany(port => new[] { port.Name, $"{port.ContainerPort}" })
        .Concat(workload.HasSidecar ? ["50002", "9090"] : []);

    private static IEnumerable<string> PortsOfProbes(V1Container container) =>
        new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>()
            .Select(probe => probe.HttpGet?.Port ?? probe.TcpSocket?.Port).OfType<IntOrString>().Select(port => port.Value);

    private static TimeSpan TimeIn(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static int Seconds(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

internal static class DictionaryExtensions
{
    public static string? GetOrNull(this IDictionary<string, string> all, string key) => all.TryGetValue(key, out var value) ? value : null;
}
