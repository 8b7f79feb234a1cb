using System.Text.Json.Nodes;

namespace P2PCloud.Chart.Tests;

/// <summary>One rule of the schema at one value, and a value that breaks it.</summary>
/// <param name="At">Pointer to the value that is changed.</param>
/// <param name="Value">What it is changed to.</param>
/// <param name="Named">Pointer to the value of which helm must say what is wrong.</param>
/// <param name="Keyword">The rule's.</param>
/// <param name="Complaint">What helm says of it.</param>
internal sealed record BrokenRule(string At, JsonNode Value, string Named, string Keyword, string Complaint);

/// <summary>The rules of <c>values.schema.json</c>.</summary>
internal sealed class SchemaRules
{
    private const string Unknown = "unheardOf";

    private readonly JsonObject _schema;

    private SchemaRules(JsonObject schema) => _schema = schema;

    /// <summary>The chart's.</summary>
    public static SchemaRules OfChart() => new(JsonNode.Parse(File.ReadAllText(Path.Combine(Helm.Chart, "values.schema.json")))!.AsObject());

    /// <summary>Every place of the schema with the rules that it has: a rule that is deleted, or a reference to some, is missed here.</summary>
    public IEnumerable<string> Places() => PlacesOf(_schema, "").Order(StringComparer.Ordinal);

    /// <summary>A case for every rule at every value that it concerns.</summary>
    public IEnumerable<BrokenRule> Broken() => BrokenIn(_schema, "").Where(rule => rule.At.Length > 0);

    private static IEnumerable<string> PlacesOf(JsonObject schema, string path)
    {
        var rules = schema.Where(it => it.Key is not ("$schema" or "title" or "description" or "properties" or "definitions")).Select(it => it.Key switch
        {
            "type" or "$ref" or "additionalProperties" when it.Value is JsonValue => $"{it.Key}={it.Value}",
            _ => it.Key,
        });
        yield return $"{(path.Length == 0 ? "/" : path)}: {string.Join(' ', rules.Order(StringComparer.Ordinal))}";
        foreach (var (key, child) in ChildrenOf(schema))
        {
            foreach (var place in PlacesOf(child, $"{path}/{key}"))
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<(string Key, JsonObject Child)> ChildrenOf(JsonObject schema) =>
    [
        .. from name in (string[])["properties", "definitions"]
           from child in schema[name]?.AsObject() ?? []
           select (name == "properties" ? child.Key : $"{name}/{child.Key}", child.Value!.AsObject()),
        .. from name in (string[])["items", "additionalProperties", "if", "then", "else"]
           where schema[name] is JsonObject
           select (name, schema[name]!.AsObject()),
        .. from branch in (schema["anyOf"]?.AsArray() ?? []).Index()
           select ($"anyOf/{branch.Index}", branch.Item!.AsObject()),
    ];

    private IEnumerable<BrokenRule> BrokenIn(JsonObject schema, string path)
    {
        if (schema["$ref"] is { } reference)
        {
            var name = ((string)reference!)["#/definitions/".Length..];
            return BrokenIn(_schema["definitions"]![name]!.AsObject(), path);
        }

        return schema.SelectMany(rule => rule.Key switch
        {
            "properties" => rule.Value!.AsObject().SelectMany(child => BrokenIn(child.Value!.AsObject(), $"{path}/{child.Key}")),
            "items" => BrokenIn(rule.Value!.AsObject(), $"{path}/0"),
            "additionalProperties" when rule.Value is JsonObject others => BrokenIn(others, $"{path}/{Unknown}"),
            _ => Break(rule.Key, rule.Value!, path),
        });
    }

    private static IEnumerable<BrokenRule> Break(string keyword, JsonNode rule, string path)
    {
        BrokenRule One(JsonNode value, string complaint, string child = "") => new(path + child, value, path, keyword, complaint);
        return keyword switch
        {
            "type" => [One((string)rule! is "string" ? 7 : "text", $", want {rule}")],
            "minimum" => [One((long)rule! - 1, "minimum: ")],
            "maximum" => [One((long)rule! + 1, "maximum: ")],
            "minLength" => [One(new string('a', (int)rule! - 1), "minLength: ")],
            "maxLength" => [One(new string('a', (int)rule! + 1), "maxLength: ")],
            // No pattern of the schema lets a blank pass.
            "pattern" => [One(" ", "does not match pattern")],
            "enum" => [One($"{rule[0]}x", "value must be one of")],
            "required" => [One(new JsonObject(), $"missing property '{rule[0]}'")],
            "anyOf" => [One(" ", "'anyOf' failed")],
            "additionalProperties" => [One(true, $"additional properties '{Unknown}' not allowed", $"/{Unknown}")],
            // Rules that depend on other values, or on names, have tests of their own.
            "if" or "then" or "propertyNames" or "$schema" or "title" or "description" or "definitions" => [],
            _ => throw new InvalidOperationException($"{path}: say here how '{keyword}' is broken."),
        };
    }
}
