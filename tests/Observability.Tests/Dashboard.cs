using System.Text.Json;

namespace P2PCloud.Observability.Tests;

/// <summary>A query of a panel.</summary>
internal sealed record PanelQuery(string Panel, string Expression);

/// <summary>A dashboard's file.</summary>
internal sealed class Dashboard
{
    private Dashboard(string file)
    {
        File = Path.GetFileName(file);
        Root = JsonDocument.Parse(System.IO.File.ReadAllText(file)).RootElement;
    }

    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.EnumerateFiles(Repository.Dashboards, "*.json").Order(StringComparer.Ordinal).Select(file => new Dashboard(file))];

    public string File { get; }

    public JsonElement Root { get; }

    public IEnumerable<JsonElement> Panels => Root.GetProperty("panels").EnumerateArray();

    public IEnumerable<JsonElement> Variables => Root.GetProperty("templating").GetProperty("list").EnumerateArray();

    public IEnumerable<PanelQuery> Queries =>
        from panel in Panels
        from target in panel.GetProperty("targets").EnumerateArray()
        select new PanelQuery(panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);
}
