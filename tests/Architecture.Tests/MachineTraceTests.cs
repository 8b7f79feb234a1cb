namespace P2PCloud.Architecture.Tests;

public sealed class MachineTraceTests
{
    [Fact]
    public void No_file_carries_traces_of_a_machine() =>
        Rule.Holds(
            "Use a path relative to the repository, an option or an environment variable instead of:",
            MachineTraces.Violations(
                SourceTree.Files.Where(file => !Path.GetFileName(file.Path).StartsWith("Dockerfile", StringComparison.Ordinal)),
                MachineTraces.OfThisMachine()));

    [Theory]
    [InlineData("open(\"/ho" + "me/anna/notes.txt\")")]
    [InlineData("see /Use" + "rs/anna/notes.txt")]
    [InlineData("C:\\Us" + "ers\\anna")]
    [InlineData("<add key=\"feed\" value=\"https://packages.example.inter" + "nal/v3\" />")]
    [InlineData("registry=http://192.1" + "68.1.5:4873")]
    [InlineData("pull from mirror.example.org/base:1")]
    public void A_trace_is_noticed(string line) =>
        Assert.Single(MachineTraces.Violations([new SourceFile("notes.md", line)], ["mirror.example.org"]));

    [Theory]
    [InlineData("http://localhost:8080/home/page")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0")]
    [InlineData("http://peer-3/v1/files")]
    public void Other_text_passes(string line) =>
        Assert.Empty(MachineTraces.Violations([new SourceFile("notes.md", line)], ["mirror.example.org"]));

    [Fact]
    public void The_folder_of_the_repository_is_a_trace() => Assert.Contains(SourceTree.Root, MachineTraces.OfThisMachine());
}
