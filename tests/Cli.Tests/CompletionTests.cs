namespace P2PCloud.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete --command p2pcloud")]
    public async Task Completion_prints_a_script_that_asks_for_suggestions(string shell, string registration)
    {
        var outcome = await CommandLine.RunAsync("completion", shell);

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains(registration, outcome.Out, StringComparison.Ordinal);
        Assert.Contains("[suggest:", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p2pcloud to", "topology")]
    [InlineData("p2pcloud find --t", "--technique")]
    [InlineData("p2pcloud find hey --technique ", "gnutella")]
    [InlineData("p2pcloud completion ", "fish")]
    [InlineData("p2pcloud get-", "get-key")]
    [InlineData("p2pcloud put --if", "--if-absent")]
    [InlineData("p2pcloud delete k --consistency ", "one")]
    public async Task Suggestions_follow_from_what_is_typed(string line, string expected)
    {
        var outcome = await CommandLine.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains(expected, outcome.Lines);
    }
}
