namespace P2PCloud.Observability.Tests;

/// <summary>The shape that configurations of the OpenTelemetry Collector have, Jaeger's too.</summary>
internal static class Pipelines
{
    private static readonly string[] Kinds = ["receivers", "processors", "exporters"];

    /// <summary>Every component of a pipeline is declared, every declared one used, and every section and name known.</summary>
    public static void Check(Yaml file, params string[] known)
    {
        Assert.Empty(file.Keys.Except([.. Kinds, "extensions", "service"]));
        Assert.Empty(file["service"].Keys.Except(["extensions", "telemetry", "pipelines"]));
        Assert.Equal(file["extensions"].Keys.Order(), file["service", "extensions"].Texts.Order());
        var pipelines = file["service", "pipelines"];
        Assert.All(pipelines.Keys, signal => Assert.Equal(Kinds.Order(), pipelines[signal].Keys.Order()));
        foreach (var kind in Kinds)
        {
            var used = pipelines.Keys.SelectMany(signal => pipelines[signal, kind].Texts).ToList();
            Assert.Equal(file[kind].Keys.Order(), used.Distinct().Order());
            Assert.All(pipelines.Keys, signal => Assert.Distinct(pipelines[signal, kind].Texts));
        }

        var names = Kinds.Append("extensions").SelectMany(kind => file[kind].Keys.Select(name => $"{kind}/{name.Split('/')[0]}"));
        Assert.Equal(known.Order(), names.Distinct().Order());
    }

    /// <summary>A component has all fields that are expected, and no other, which might be one that it does not know.</summary>
    public static void CheckFields(Yaml file, string component, params string[] expected)
    {
        var fields = file[component.Split(' ')].Scalars().Select(scalar => scalar.Path).Distinct();
        Assert.Equal(expected.Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
    }

    /// <summary>A variable's name and its default in place of a value: <c>${env:NAME:-default}</c>.</summary>
    public static string DefaultOf(string value) =>
        value.StartsWith("${env:", StringComparison.Ordinal) && value.IndexOf(":-", StringComparison.Ordinal) is > 0 and var at ? value[(at + 2)..^1] : value;
}
