using YamlDotNet.Serialization;

namespace P2PCloud.Chart.Tests;

/// <summary>One call that a callee's sidecar lets pass.</summary>
internal sealed record Call(string Callee, string Caller, string Verb, string Path);

/// <summary>The chart's list of who calls what, <c>calls.yaml</c>.</summary>
internal static class Calls
{
    public static IReadOnlyList<Call> All { get; } =
    [
        .. from callee in Read()
           from caller in callee.Value
           from rule in caller.Value
           from verb in rule.Verbs
           from path in rule.Paths
           select new Call(callee.Key, caller.Key, verb, path),
    ];

    private static Dictionary<string, Dictionary<string, List<Rule>>> Read() =>
        new DeserializerBuilder().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.CamelCaseNamingConvention.Instance).Build()
            .Deserialize<Dictionary<string, Dictionary<string, List<Rule>>>>(File.ReadAllText(Path.Combine(Helm.Chart, "calls.yaml")));

    public sealed class Rule
    {
        public IList<string> Verbs { get; init; } = [];

        public IList<string> Paths { get; init; } = [];
    }
}
