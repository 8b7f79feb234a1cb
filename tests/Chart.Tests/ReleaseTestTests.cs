using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>What <c>helm test</c> runs, and what the documents say about it.</summary>
public sealed class ReleaseTestTests
{
    /// <summary>Default of <c>helm test --timeout</c>.</summary>
    private static readonly TimeSpan HelmWaits = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Documents { get; } = ["README.md", "k8s/README.md", "charts/p2pcloud/templates/NOTES.txt"];

    [Fact]
    public void The_Job_gives_up_before_helm_does() =>
        Assert.True(TimeSpan.FromSeconds(Job.Spec.ActiveDeadlineSeconds!.Value) < HelmWaits);

    /// <summary>Helm asks for the log of a pod with the hook's name, also where the hook is a Job or a ConfigMap, and fails when there is none.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void No_document_asks_helm_for_the_logs_of_a_test_that_is_a_Job(string document) =>
        Assert.DoesNotContain(Lines(document), line => line.Contains("helm ", StringComparison.Ordinal) && line.Contains("--logs", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Documents_name_the_Job_that_has_the_logs(string document) =>
        Assert.Contains(Lines(document), line => line.Contains($"logs job/{Name(document)} --all-containers", StringComparison.Ordinal));

    private static V1Job Job => Helm.Render().All<V1Job>().Single();

    private static string Name(string document) =>
        document.EndsWith(".txt", StringComparison.Ordinal) ? """{{ include "p2pcloud.name" (dict "root" $ "component" "test") }}""" : "p2pcloud-test";

    private static string[] Lines(string document) => File.ReadAllLines(Path.Combine(Repository.Root, document));
}
