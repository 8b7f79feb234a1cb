namespace P2PCloud.Architecture.Tests;

public sealed class PackageTests
{
    private const string Central = "Directory.Packages.props";

    private static readonly SourceFile[] Projects =
    [
        .. SourceTree.Files.Where(file => Path.GetExtension(file.Path) is ".csproj" or ".props" or ".targets" && file.Path is not Central),
    ];

    [Fact]
    public void Every_package_has_one_exact_version() =>
        Rule.Holds($"Write one exact version in {Central} for:", Packages.Floating(SourceTree.File(Central)));

    [Fact]
    public void Every_package_is_used_or_a_transitive_pin() =>
        Rule.Holds($"Remove from {Central}, or put under the label for transitive pins:", Packages.Unused(SourceTree.File(Central), Projects));

    [Fact]
    public void Versions_stand_in_the_central_list_only() =>
        Rule.Holds($"Move these versions to {Central}:", Packages.Scattered(Projects));

    [Theory]
    [InlineData("1.*")]
    [InlineData("[1.0,2.0)")]
    [InlineData("$(SomeVersion)")]
    [InlineData("")]
    public void A_floating_version_is_noticed(string version) => Assert.Single(Packages.Floating(List("Product", version)));

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("1.2.3-preview.4")]
    public void An_exact_version_passes(string version) => Assert.Empty(Packages.Floating(List("Product", version)));

    [Fact]
    public void An_unused_package_is_noticed_unless_it_is_a_transitive_pin()
    {
        Assert.Single(Packages.Unused(List("Product", "1.0.0"), []));
        Assert.Empty(Packages.Unused(List("Transitive pins: why", "1.0.0"), []));
        Assert.Empty(Packages.Unused(List("Product", "1.0.0"), [Project("")]));
    }

    [Fact]
    public void A_version_in_a_project_is_noticed() => Assert.Single(Packages.Scattered([Project("Version=\"1.0.0\"")]));

    private static SourceFile List(string label, string version) => new(
        Central,
        $"""<Project><ItemGroup Label="{label}"><PackageVersion Include="Some.Package" Version="{version}" /></ItemGroup></Project>""");

    private static SourceFile Project(string more) => new(
        "services/some/some.csproj",
        $"""<Project><ItemGroup><PackageReference Include="Some.Package" {more} /></ItemGroup></Project>""");
}
