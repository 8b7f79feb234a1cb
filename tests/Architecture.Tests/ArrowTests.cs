namespace P2PCloud.Architecture.Tests;

public sealed class ArrowTests
{
    [Fact]
    public void Project_references_point_one_way() =>
        Rule.Holds(
            "Move the code to where both sides may use it (Contracts, OverlayHosting, ServiceDefaults) instead of these references:",
            Arrows.Violations(SourceTree.Projects));

    [Fact]
    public void Every_room_has_a_place_in_the_order() =>
        Rule.Holds("Say in Arrows.cs what these new rooms may reference:", Arrows.Unknown(SourceTree.Projects));

    [Theory]
    [InlineData("services/peer/peer.csproj", @"..\gateway\gateway.csproj")]
    [InlineData("services/peer/peer.csproj", @"..\shared\Simulation\Simulation.csproj")]
    [InlineData("services/local/local.csproj", @"..\cli\cli.csproj")]
    [InlineData("services/shared/Contracts/Contracts.csproj", @"..\Overlays\Overlays.csproj")]
    [InlineData("services/shared/Overlays/Overlays.csproj", "../OverlayHosting/OverlayHosting.csproj")]
    [InlineData("services/shared/ServiceDefaults/ServiceDefaults.csproj", @"..\OverlayHosting\OverlayHosting.csproj")]
    [InlineData("tests/Cli.Tests/Cli.Tests.csproj", @"..\Local.Tests\Local.Tests.csproj")]
    public void A_reference_against_the_order_is_noticed(string project, string reference) =>
        Assert.Single(Arrows.Violations([Project(project, reference)]));

    [Theory]
    [InlineData("services/cli/cli.csproj", @"..\shared\Simulation\Simulation.csproj")]
    [InlineData("tests/Cli.Tests/Cli.Tests.csproj", @"..\..\services\shared\Simulation\Simulation.csproj")]
    public void The_cli_and_tests_may_reference_the_simulation(string project, string reference) =>
        Assert.Empty(Arrows.Violations([Project(project, reference)]));

    [Fact]
    public void A_room_without_a_place_is_noticed() => Assert.Single(Arrows.Unknown([Project("services/mail/mail.csproj", "x.csproj")]));

    private static SourceFile Project(string path, string reference) =>
        new(path, $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""");
}
