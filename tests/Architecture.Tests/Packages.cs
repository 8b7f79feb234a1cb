using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace P2PCloud.Architecture.Tests;

/// <summary>The central list of packages.</summary>
internal static partial class Packages
{
    private const string TransitiveLabel = "Transitive pins";

    /// <summary>Versions that may mean more than one package file.</summary>
    public static IEnumerable<string> Floating(SourceFile central) =>
        Versions(central).Where(package => !Exact().IsMatch(package.Version)).Select(package => $"{package.Name} {package.Version}");

    /// <summary>Packages that no project asks for and that are not marked as transitive pins.</summary>
    public static IEnumerable<string> Unused(SourceFile central, IEnumerable<SourceFile> projects)
    {
        var used = projects.SelectMany(project => XDocument.Parse(project.Text).Descendants("PackageReference"))
            .Select(reference => reference.Attribute("Include")?.Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Versions(central).Where(package => !package.IsTransitive && !used.Contains(package.Name)).Select(package => package.Name);
    }

    /// <summary>Versions that stand in a project instead of the central list.</summary>
    public static IEnumerable<string> Scattered(IEnumerable<SourceFile> projects) =>
        from project in projects
        from reference in XDocument.Parse(project.Text).Descendants("PackageReference")
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{project.Path}: {reference.Attribute("Include")?.Value}";

    private static IEnumerable<(string Name, string Version, bool IsTransitive)> Versions(SourceFile central) =>
        from package in XDocument.Parse(central.Text).Descendants("PackageVersion")
        let label = package.Parent?.Attribute("Label")?.Value ?? ""
        select (
            package.Attribute("Include")?.Value ?? "",
            package.Attribute("Version")?.Value ?? "",
            label.StartsWith(TransitiveLabel, StringComparison.Ordinal));

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex Exact();
}
