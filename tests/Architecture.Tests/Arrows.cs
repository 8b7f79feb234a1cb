using System.Xml.Linq;

namespace P2PCloud.Architecture.Tests;

/// <summary>Which project may reference which.</summary>
internal static class Arrows
{
    private static readonly string[] Libraries = ["Contracts", "Overlays", "OverlayHosting", "ServiceDefaults"];
    private static readonly string[] Services = ["bootstrap", "directory", "supernode", "peer", "gateway"];

    /// <summary>Stand-ins for what is not ours, and for the users of a cloud: shared by test projects.</summary>
    private static readonly string[] Doubles = ["Sidecar", "SidecarCloud", "SidecarHost", "ClusterLoad"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Overlays"] = ["Contracts"],
        ["OverlayHosting"] = ["Overlays", "Contracts"],
        ["ServiceDefaults"] = ["Contracts"],
        ["RedisDefaults"] = ["ServiceDefaults"],
        ["Simulation"] = ["Overlays", "Contracts"],
        ["bootstrap"] = [.. Libraries, "RedisDefaults"],
        ["directory"] = [.. Libraries, "RedisDefaults"],
        ["supernode"] = Libraries,
        ["peer"] = Libraries,
        ["gateway"] = Libraries,
        ["local"] = [.. Services, .. Libraries],
        ["cli"] = ["local", "Simulation", "Contracts"],
    };

    /// <summary>Arrows that point where they must not. A test project may reference every room and the doubles, nobody a test project.</summary>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> projects) =>
        from project in projects
        let name = NameOf(project.Path)
        let isTest = project.Path.StartsWith("tests/", StringComparison.Ordinal)
        from reference in References(project)
        let target = NameOf(reference)
        where isTest ? !Allowed.ContainsKey(target) && !Doubles.Contains(target) : !Allowed.TryGetValue(name, out var targets) || !targets.Contains(target)
        select $"{name} -> {target}";

    /// <summary>Projects of the house that the table does not know.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<SourceFile> projects) =>
        projects.Where(project => project.Path.StartsWith("services/", StringComparison.Ordinal))
            .Select(project => NameOf(project.Path))
            .Where(name => !Allowed.ContainsKey(name));

    private static IEnumerable<string> References(SourceFile project) =>
        XDocument.Parse(project.Text).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}
