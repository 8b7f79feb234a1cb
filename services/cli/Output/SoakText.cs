using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Cli.Output;

/// <summary>What <c>simulate soak</c> says.</summary>
internal static class SoakText
{
    /// <summary>One failing run in one line: the command that repeats it, and the first rule that did not hold.</summary>
    public static string Failure(ScenarioResult result) =>
        $"FAILED {result.Scenario.Replay}   # {Printable.Line(result.Violations[0].ToString())}; event log {Hash(result)}";

    /// <summary>All runs together; a single run with everything that was found.</summary>
    public static string Summary(IReadOnlyList<ScenarioResult> results, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        if (results.Count == 1)
        {
            foreach (var finding in results[0].Violations.Concat(results[0].BrokenAssumptions))
            {
                text.AppendLine(Printable.Line(finding.ToString()));
            }

            text.AppendLine($"event log {Hash(results[0])}");
        }

        text.AppendLine($"faults: {Sum(results, result => result.Faults)}");
        text.AppendLine($"lookups: {Sum(results, result => result.Lookups)}");
        text.AppendLine($"keys: {Sum(results, result => result.KeyOperations)}");
        text.AppendLine($"broken assumptions: {results.Sum(result => result.BrokenAssumptions.Count)}");
        text.Append(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count(result => result.Failed)} of {results.Count} runs failed; {results.Sum(result => result.Simulated.TotalHours):f1} simulated hours, {results.Sum(result => result.Events):n0} events in {elapsed.TotalSeconds:f1} s"));
        return text.ToString();
    }

    /// <summary>All runs with their findings.</summary>
    public static string Json(IReadOnlyList<ScenarioResult> results, TimeSpan elapsed)
    {
        var runs = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
        {
            ["seed"] = result.Scenario.Seed,
            ["technique"] = result.Scenario.Technique,
            ["kind"] = result.Scenario.Kind.ToString().ToLowerInvariant(),
            ["replay"] = result.Scenario.Replay,
            ["failed"] = result.Failed,
            ["violations"] = Findings(result.Violations),
            ["brokenAssumptions"] = Findings(result.BrokenAssumptions),
            ["faults"] = Counts(result.Faults),
            ["lookups"] = Counts(result.Lookups),
            ["keyOperations"] = Counts(result.KeyOperations),
            ["events"] = result.Events,
            ["eventLogHash"] = Hash(result),
        })]);
        var all = new JsonObject
        {
            ["runs"] = runs,
            ["failed"] = results.Count(result => result.Failed),
            ["wallSeconds"] = elapsed.TotalSeconds,
        };
        return all.ToJsonString(new JsonSerializerOptions(JsonSerializerDefaults.Web));
    }

    private static string Hash(ScenarioResult result) => result.EventLogHash.ToString("x16", CultureInfo.InvariantCulture);

    private static JsonArray Findings(IEnumerable<Finding> findings) => new([.. findings.Select(finding => (JsonNode)new JsonObject
    {
        ["at"] = finding.At.TotalSeconds,
        ["node"] = finding.Node,
        ["what"] = finding.What,
    })]);

    private static JsonObject Counts(IReadOnlyDictionary<string, int> counts) =>
        new(counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    private static string Sum(IEnumerable<ScenarioResult> results, Func<ScenarioResult, IReadOnlyDictionary<string, int>> counts)
    {
        var sums = results.SelectMany(counts).GroupBy(count => count.Key, count => (long)count.Value).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Sum():n0} {group.Key}")).ToList();
        return sums.Count > 0 ? string.Join(", ", sums) : "none";
    }
}
