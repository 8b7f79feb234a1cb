using P2PCloud.Chart.Tests.Kinds;
using P2PCloud.Sidecar;

namespace P2PCloud.Chart.Tests;

/// <summary>The access-control lists that the chart renders for a release, each as its callee's sidecar takes it.</summary>
internal sealed class AccessLists
{
    /// <summary>What the names of the rendered release's services begin with.</summary>
    public const string Release = "demo-p2pcloud-";

    /// <summary>Namespace of the rendered release.</summary>
    public const string Namespace = "p2p";

    private readonly IReadOnlyDictionary<string, Sidecar.AccessControl> _lists;

    private AccessLists(IReadOnlyDictionary<string, Sidecar.AccessControl> lists) => _lists = lists;

    /// <summary>Every call that some list lets pass, by components; nodes are all alike in the lists, which <see cref="DaprTests"/> shows.</summary>
    public IReadOnlySet<Call> Entries =>
        (from list in _lists
         from policy in list.Value.Policies
         from operation in policy.Operations
         where operation.Allows
         from verb in operation.Verbs
         select new Call(list.Key, ComponentOf(policy.AppId), verb, operation.Name)).ToHashSet();

    /// <summary>Renders the chart with its defaults; skips the test where there is no helm.</summary>
    public static AccessLists Render() =>
        new(Sets.Render("defaults").All<DaprConfiguration>().ToDictionary(it => ComponentOf(it.Metadata.Name), it => Of(it.Spec.AccessControl!)));

    /// <summary>The same lists without one call.</summary>
    public AccessLists Without(Call call) => new(_lists.ToDictionary(
        list => list.Key,
        list => list.Key != call.Callee ? list.Value : list.Value with { Policies = [.. list.Value.Policies.Select(policy => Without(policy, call))] }));

    /// <summary>What the sidecar of one service enforces.</summary>
    /// <param name="app">App id without the release's name.</param>
    public Sidecar.AccessControl Of(string app) => _lists[ComponentOf(app)];

    /// <summary>Component of an app id: <c>peer</c> of <c>demo-p2pcloud-peer-7</c>.</summary>
    public static string ComponentOf(string app)
    {
        var name = app.StartsWith(Release, StringComparison.Ordinal) ? app[Release.Length..] : app;
        return name.Split('-')[0];
    }

    private static AccessPolicy Without(AccessPolicy policy, Call call) => ComponentOf(policy.AppId) != call.Caller
        ? policy
        : policy with { Operations = [.. policy.Operations.Where(operation => operation.Name != call.Path)] };

    private static Sidecar.AccessControl Of(Kinds.AccessControl rendered) => new(
        rendered.DefaultAction == "allow",
        [.. rendered.Policies!.Select(policy => new AccessPolicy(
            policy.AppId!,
            policy.Namespace!,
            policy.DefaultAction == "allow",
            [.. policy.Operations!.Select(it => new AccessOperation(it.Name!, [.. it.HttpVerb!], it.Action == "allow"))]))]);
}
