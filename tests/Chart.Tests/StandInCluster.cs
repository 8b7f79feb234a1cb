using System.Net;
using System.Net.Sockets;
using k8s;
using k8s.Models;

namespace P2PCloud.Chart.Tests;

/// <summary>As much of a Kubernetes API as helm asks when a chart looks for objects: what kinds there are, and the given StatefulSets.</summary>
internal sealed class StandInCluster : IDisposable
{
    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["v1"] = ["Secret", "Service", "ServiceAccount", "ConfigMap"],
        ["apps/v1"] = ["StatefulSet", "Deployment"],
        ["policy/v1"] = ["PodDisruptionBudget"],
        ["networking.k8s.io/v1"] = ["NetworkPolicy"],
        ["autoscaling/v2"] = ["HorizontalPodAutoscaler"],
        ["batch/v1"] = ["Job"],
        ["dapr.io/v1alpha1"] = ["Configuration", "Resiliency"],
    };

    private readonly HttpListener _listener = new();
    private readonly string _configuration = Path.GetTempFileName();
    private readonly Dictionary<string, object> _answers;

    public StandInCluster(params V1StatefulSet[] live)
    {
        _answers = live.ToDictionary(it => $"/apis/apps/v1/namespaces/p2p/statefulsets/{it.Metadata.Name}", object (it) => it);
        _answers["/version"] = new VersionInfo { Major = "1", Minor = "31", GitVersion = "v1.31.0" };
        _answers["/api"] = new V1APIVersions { Versions = ["v1"] };
        _answers["/apis"] = new V1APIGroupList
        {
            Groups = [.. Kinds.Keys.Where(version => version != "v1").Select(GroupOf)],
        };
        foreach (var (version, kinds) in Kinds)
        {
            _answers[version == "v1" ? "/api/v1" : $"/apis/{version}"] = new V1APIResourceList { GroupVersion = version, Resources = [.. kinds.Select(ResourceOf)] };
        }

        var address = Listen();
        File.WriteAllText(
            _configuration,
            $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "it", "users": [{ "name": "it", "user": {} }],
              "clusters": [{ "name": "it", "cluster": { "server": "{{address}}" } }], "contexts": [{ "name": "it", "context": { "cluster": "it", "user": "it" } }] }
            """);
        // Not where tests run: they wait for helm, and helm for this.
        _ = Task.Run(AnswerAsync);
    }

    public HelmRun Template(params string[] arguments) =>
        Helm.Template(["--dry-run=server", "--disable-openapi-validation", "--kubeconfig", _configuration, .. arguments]);

    public Manifests Render(params string[] arguments)
    {
        var run = Template(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return Manifests.Parse(run.Output);
    }

    public void Dispose()
    {
        _listener.Close();
        File.Delete(_configuration);
    }

    private static V1APIGroup GroupOf(string groupVersion)
    {
        var version = new V1GroupVersionForDiscovery { GroupVersion = groupVersion, Version = groupVersion.Split('/')[1] };
        return new V1APIGroup { Name = groupVersion.Split('/')[0], Versions = [version], PreferredVersion = version };
    }

    private static V1APIResource ResourceOf(string kind) => new()
    {
        Name = kind.EndsWith('y') ? $"{kind[..^1].ToLowerInvariant()}ies" : $"{kind.ToLowerInvariant()}s",
        SingularName = "",
        Kind = kind,
        Namespaced = true,
        Verbs = ["get", "list"],
    };

    private string Listen()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        _listener.Prefixes.Add($"{address}/");
        _listener.Start();
        return address;
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var found = _answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
            context.Response.StatusCode = found ? 200 : 404;
            context.Response.ContentType = "application/json";
            var body = found ? KubernetesJson.Serialize(answer) : """{ "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404 }""";
            context.Response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: false);
        }
    }
}
