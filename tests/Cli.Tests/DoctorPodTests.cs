namespace P2PCloud.Cli.Tests;

public sealed class DoctorPodTests
{
    private const string SidecarSpec = """[{"name":"daprd"}]""";

    [Theory]
    [InlineData("true", "[]", "[]", "p-0: no sidecar was injected")]
    [InlineData("true", SidecarSpec, """[{"name":"daprd","ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]""", "p-0: its sidecar is not healthy (CrashLoopBackOff)")]
    [InlineData("true", SidecarSpec, """[{"name":"daprd","ready":true},{"name":"peer","ready":false}]""", "p-0: peer is not ready")]
    [InlineData("false", "[]", """[{"name":"redis","ready":true}]""", null)]
    [InlineData("true", SidecarSpec, """[{"name":"daprd","ready":true},{"name":"peer","ready":true}]""", null)]
    public async Task Pods_without_a_healthy_sidecar_are_named(string enabled, string containers, string statuses, string? expected)
    {
        var lines = await ExamineAsync(Pod("p-0", statuses, containers: containers, enabled: enabled));

        Assert.Equal(expected is null ? "ok\t1 pods run, and all that ask for a sidecar have a healthy one" : $"wrong\t{expected}", lines[0]);
    }

    [Fact]
    public async Task A_pod_that_the_injector_missed_is_to_be_deleted()
    {
        var lines = await ExamineAsync(Pod("p-0", "[]"));

        Assert.Contains("kubectl delete pod p-0 --namespace p2p", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"t","ownerReferences":[{"kind":"Job","name":"p2pcloud-test"}]}""", "Succeeded")]
    [InlineData("""{"name":"t","ownerReferences":[{"kind":"Job","name":"p2pcloud-test"}]}""", "Failed")]
    [InlineData("""{"name":"t","ownerReferences":[{"kind":"Job","name":"p2pcloud-test"}]}""", "Running")]
    [InlineData("""{"name":"t","ownerReferences":[{"kind":"Job","name":"p2pcloud-test"}]}""", "Pending")]
    [InlineData("""{"name":"t","deletionTimestamp":"2026-01-01T00:00:00Z"}""", "Running")]
    public async Task Pods_of_jobs_and_pods_that_end_are_passed_over(string metadata, string phase)
    {
        var passing = $$$$"""
            {"kind":"Pod","metadata":{{{{metadata}}}},"status":{"phase":"{{{{phase}}}}","containerStatuses":[{"name":"fetch","ready":false,"state":{"terminated":{"reason":"Error"}}}]}}
            """;

        var lines = await ExamineAsync(Sound("p-0"), passing);

        Assert.Equal("ok\t1 pods run, and all that ask for a sidecar have a healthy one", lines[0]);
    }

    [Theory]
    [InlineData(
        """{"name":"daprd","ready":false,"state":{"waiting":{"reason":"ContainerCreating"}}},{"name":"peer","ready":false,"state":{"waiting":{"reason":"ContainerCreating"}}}""",
        "wrong\tp-0: waits to be placed or for its image (ContainerCreating)",
        "\tfix: kubectl describe pod p-0 --namespace p2p")]
    [InlineData(
        """{"name":"daprd","ready":false,"state":{"waiting":{"reason":"ContainerCreating"}}},{"name":"peer","image":"p2pcloud/peer:0.1.0","ready":false,"state":{"waiting":{"reason":"ErrImagePull"}}}""",
        "wrong\tp-0: waits to be placed or for its image (peer: ErrImagePull)",
        "\tfix: kubectl describe pod p-0 --namespace p2p; make images, make kind-up bring the cloud's images to kind")]
    [InlineData(
        """{"name":"redis","image":"redis:8","ready":false,"state":{"waiting":{"reason":"ImagePullBackOff"}}}""",
        "wrong\tp-0: waits to be placed or for its image (redis: ImagePullBackOff)",
        "\tfix: kubectl describe pod p-0 --namespace p2p")]
    [InlineData(
        """{"name":"peer","image":"p2pcloud/peer:0.1.0","ready":false,"state":{"waiting":{"reason":"CreateContainerConfigError"}}}""",
        "wrong\tp-0: waits to be placed or for its image (peer: CreateContainerConfigError)",
        "\tfix: kubectl describe pod p-0 --namespace p2p")]
    public async Task A_pod_that_waits_is_one_finding(string statuses, string expected, string fix)
    {
        var lines = await ExamineAsync(Pod("p-0", $"[{statuses}]", "Pending", SidecarSpec));

        Assert.Equal([expected, fix], lines.Where(line => line.Contains("p-0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_without_a_place_says_why()
    {
        var lines = await ExamineAsync("""
            {"kind":"Pod","metadata":{"name":"p-0"},"status":{"phase":"Pending","conditions":[
              {"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available: 1 Insufficient memory."}]}}
            """);

        Assert.Equal("wrong\tp-0: waits to be placed or for its image (0/1 nodes are available: 1 Insufficient memory.)", lines[0]);
    }

    [Fact]
    public async Task An_image_that_is_gone_when_a_container_starts_again_is_not_looked_for_in_its_log()
    {
        var lines = await ExamineAsync(Pod(
            "p-0",
            """[{"name":"daprd","ready":true},{"name":"peer","image":"p2pcloud/peer:0.1.0","ready":false,"restartCount":1,"state":{"waiting":{"reason":"ErrImageNeverPull"}}}]""",
            containers: SidecarSpec));

        Assert.Equal("wrong\tp-0: peer is not ready (ErrImageNeverPull)", lines[0]);
        Assert.Equal("\tfix: kubectl describe pod p-0 --namespace p2p; make images, make kind-up bring the cloud's images to kind", lines[1]);
    }

    [Theory]
    [InlineData("peer", """{"name":"peer","ready":false,"restartCount":4,"state":{"terminated":{"reason":"OOMKilled"}}}""", "peer", "4", "peers.resources.limits.memory")]
    [InlineData("peer", """{"name":"peer","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"reason":"OOMKilled"}}}""", "peer", "4", "peers.resources.limits.memory")]
    [InlineData("gateway", """{"name":"gateway","ready":true,"restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"reason":"OOMKilled"}}}""", "gateway", "1", "gateway.resources.limits.memory")]
    [InlineData("redis", """{"name":"redis","ready":true,"restartCount":1,"lastState":{"terminated":{"reason":"OOMKilled"}}}""", "redis", "1", "redis.builtIn.resources.limits.memory")]
    [InlineData("jaeger", """{"name":"jaeger","ready":true,"restartCount":1,"lastState":{"terminated":{"reason":"OOMKilled"}}}""", "jaeger", "1", "observability.jaeger.resources.limits.memory")]
    [InlineData("peer", """{"name":"daprd","ready":true,"restartCount":1,"lastState":{"terminated":{"reason":"OOMKilled"}}}""", "daprd", "1", "dapr.sidecar.memoryLimit")]
    public async Task A_container_that_ran_out_of_memory_is_named_with_the_value_to_raise(
        string component, string status, string container, string restarts, string value)
    {
        var lines = await ExamineAsync($$$$"""
            {"kind":"Pod","metadata":{"name":"p-0","labels":{"app.kubernetes.io/component":"{{{{component}}}}"}},
             "spec":{"containers":[{"name":"{{{{container}}}}","resources":{"limits":{"memory":"144Mi"}}}]},
             "status":{"phase":"Running","containerStatuses":[{{{{status}}}}]}}
            """);

        Assert.Equal($"wrong\tp-0: {container} ran out of memory (OOMKilled, restarts: {restarts})", lines[0]);
        Assert.StartsWith($"\tfix: raise the chart's value {value}, now 144Mi", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Skip(2), line => line.Contains("p-0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("daprd", """{"name":"daprd","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}""", " --previous")]
    [InlineData("peer", """{"name":"daprd","ready":true},{"name":"peer","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}""", " --previous")]
    [InlineData("peer", """{"name":"daprd","ready":true},{"name":"peer","ready":false,"restartCount":0,"state":{"running":{}}}""", "")]
    public async Task The_log_of_a_container_that_crashes_is_that_of_the_run_before(string container, string statuses, string previous)
    {
        var lines = await ExamineAsync(Pod("p-0", $"[{statuses}]", containers: SidecarSpec));

        Assert.Contains($"kubectl logs p-0 --container {container} --namespace p2p{previous}", lines[1], StringComparison.Ordinal);
        Assert.Equal(previous.Length > 0, lines[1].Contains("--previous", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_that_was_evicted_is_one_finding()
    {
        var lines = await ExamineAsync(
            Sound("p-0"), """{"kind":"Pod","metadata":{"name":"p-1"},"status":{"phase":"Failed","reason":"Evicted","containerStatuses":[{"name":"peer","ready":false}]}}""");

        Assert.Equal("wrong\tp-1: has failed (Evicted)", lines[0]);
        Assert.Single(lines, line => line.StartsWith("wrong\t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_chart_it_is_to_be_installed()
    {
        var lines = await ExamineAsync();

        Assert.Equal("wrong\tno pod runs in the namespace p2p", lines[0]);
        Assert.Contains("make deploy", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatefulSet", """{}""", "0 of 4")]
    [InlineData("StatefulSet", """{"replicas":1,"readyReplicas":1}""", "1 of 4")]
    [InlineData("Deployment", """{"replicas":0}""", "0 of 4")]
    public async Task Pods_that_the_cluster_refuses_are_missed(string kind, string status, string expected)
    {
        var workload = Workload(kind, "w", 4, status);

        foreach (var items in new string[][] { [workload], [workload, Sound("p-0")] })
        {
            var lines = await ExamineAsync(items);

            Assert.Equal($"wrong\tw: {expected} pods are there", lines[0]);
            Assert.Equal("\tfix: see why pods are refused: kubectl --namespace p2p get events", lines[1]);
        }
    }

    [Fact]
    public async Task Pods_that_are_not_ready_for_no_reason_of_theirs_are_missed()
    {
        var lines = await ExamineAsync(Workload("StatefulSet", "p", 2, """{"replicas":2,"readyReplicas":1}"""), Sound("p-0"), Sound("p-1"));

        Assert.Equal("wrong\tp: 1 of 2 pods are ready", lines[0]);
    }

    [Fact]
    public async Task A_pod_that_says_why_it_is_not_ready_is_not_missed_as_well()
    {
        var lines = await ExamineAsync(
            Workload("StatefulSet", "p", 2, """{"replicas":2,"readyReplicas":1}"""),
            Sound("p-0"),
            Pod("p-1", """[{"name":"daprd","ready":true},{"name":"peer","ready":false}]""", containers: SidecarSpec));

        Assert.Equal(["wrong\tp-1: peer is not ready"], lines.Where(line => line.StartsWith("wrong\t", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Workloads_that_have_all_pods_are_no_finding()
    {
        var lines = await ExamineAsync(
            Workload("StatefulSet", "w", 1, """{"replicas":1,"readyReplicas":1}"""), Workload("Deployment", "z", 0, "{}"), Sound("p-0"));

        Assert.Equal("ok\t1 pods run, and all that ask for a sidecar have a healthy one", lines[0]);
    }

    private static async Task<IReadOnlyList<string>> ExamineAsync(params string[] items)
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        using var folder = new TemporaryFolder();
        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--namespace", "p2p", "--kubectl", FakeKubectl.WithObjects(folder, items));
        Assert.Equal(outcome.Lines.Any(line => line.StartsWith("wrong\t", StringComparison.Ordinal)) ? ExitCodes.Failed : ExitCodes.Ok, outcome.ExitCode);
        return outcome.Lines;
    }

    private static string Sound(string name) => Pod(name, """[{"name":"daprd","ready":true},{"name":"peer","ready":true}]""", containers: SidecarSpec);

    private static string Pod(string name, string statuses, string phase = "Running", string containers = "[]", string enabled = "true") => $$$"""
        {"kind":"Pod","metadata":{"name":"{{{name}}}","annotations":{"dapr.io/enabled":"{{{enabled}}}"}},
         "spec":{"containers":{{{containers}}}},"status":{"phase":"{{{phase}}}","containerStatuses":{{{statuses}}}}}
        """;

    private static string Workload(string kind, string name, int replicas, string status) =>
        $$$"""{"kind":"{{{kind}}}","metadata":{"name":"{{{name}}}"},"spec":{"replicas":{{{replicas}}}},"status":{{{status}}}}""";
}
