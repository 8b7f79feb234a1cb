using System.Text.RegularExpressions;

namespace P2PCloud.Architecture.Tests;

public sealed partial class SolutionTests
{
    private const string Solution = "P2PCloud.sln";

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Rule.Holds($"Add with `dotnet sln {Solution} add`:", Missing(SourceTree.File(Solution).Text, ProjectPaths));

    [Fact]
    public void Every_project_of_the_solution_exists() =>
        Rule.Holds($"Remove from {Solution}:", Listed(SourceTree.File(Solution).Text).Except(ProjectPaths));

    [Fact]
    public void A_project_outside_the_solution_is_noticed()
    {
        const string Text = """Project("{0}") = "peer", "services\peer\peer.csproj", "{1}" """;

        Assert.Equal(["services/mail/mail.csproj"], Missing(Text, ["services/peer/peer.csproj", "services/mail/mail.csproj"]));
    }

    private static IEnumerable<string> ProjectPaths => SourceTree.Projects.Select(project => project.Path);

    private static IEnumerable<string> Missing(string solution, IEnumerable<string> projects) => projects.Except(Listed(solution));

    private static IEnumerable<string> Listed(string solution) =>
        ProjectPath().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/'));

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectPath();
}
