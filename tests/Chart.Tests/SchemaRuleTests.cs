using System.Text.Json.Nodes;

namespace P2PCloud.Chart.Tests;

/// <summary>Every rule of the schema of values, each broken for itself.</summary>
public sealed class SchemaRuleTests
{
    [Fact]
    public void The_schema_has_the_rules_of_the_list() => Golden.Check("schema-rules.txt", SchemaRules.OfChart().Places());

    /// <summary>Helm tells of all that is wrong, so that many rules are broken in one run: those whose values are not in each other's way.</summary>
    [Fact]
    public void Every_rule_refuses_a_value_that_breaks_it()
    {
        var groups = Groups(SchemaRules.OfChart().Broken());

        Assert.All(groups, group =>
        {
            var error = ErrorOf(group).Split('\n').Select(line => line.Trim()).ToHashSet();
            Assert.All(group, rule => Assert.Contains(error, line =>
                line.StartsWith($"- at '{rule.Named}': ", StringComparison.Ordinal) && line.Contains(rule.Complaint, StringComparison.Ordinal)));
        });
    }

    private static string ErrorOf(IEnumerable<BrokenRule> rules)
    {
        var file = Path.GetTempFileName();
        try
        {
            JsonNode values = new JsonObject();
            foreach (var rule in rules)
            {
                values = Set(values, rule.At.Split('/').AsSpan(1), rule.Value);
            }

            File.WriteAllText(file, values.ToJsonString());
            return Helm.Template("--values", file).Error;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static JsonNode Set(JsonNode? whole, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path is [])
        {
            return value.DeepClone();
        }

        if (path[0] == "0")
        {
            var list = whole as JsonArray ?? [];
            var first = list.Count > 0 ? list[0] : null;
            list.Clear();
            list.Add(Set(first, path[1..], value));
            return list;
        }

        var map = whole as JsonObject ?? [];
        var child = map[path[0]];
        map.Remove(path[0]);
        map[path[0]] = Set(child, path[1..], value);
        return map;
    }

    /// <summary>As few groups as it takes that no value of a group is within another.</summary>
    private static List<List<BrokenRule>> Groups(IEnumerable<BrokenRule> rules)
    {
        List<List<BrokenRule>> groups = [];
        foreach (var rule in rules)
        {
            var group = groups.Find(others => !others.Exists(other => Overlap(other.At, rule.At)));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(rule);
        }

        return groups;
    }

    private static bool Overlap(string one, string other) =>
        $"{one}/".StartsWith($"{other}/", StringComparison.Ordinal) || $"{other}/".StartsWith($"{one}/", StringComparison.Ordinal);
}
