namespace P2PCloud.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("a command is missing", new string[0])]
    [InlineData("no command is called 'fin'", new[] { "fin", "x" })]
    [InlineData("a command is missing: use one of napster, ", new[] { "simulate" })]
    [InlineData("no command is called 'chrod'", new[] { "simulate", "chrod" })]
    [InlineData("'WORDS' missing", new[] { "find" })]
    [InlineData("'--bogus' is not an option here", new[] { "find", "x", "--bogus" })]
    [InlineData("--technique is all, napster, gnutella, kazaa or chord, not 'dht'", new[] { "find", "x", "--technique", "dht" })]
    [InlineData("--mode is recursive, iterative, flood, expanding-ring or random-walk, not 'both'", new[] { "find", "x", "--mode", "both" })]
    [InlineData("for chord it must be one of recursive, iterative", new[] { "find", "x", "--technique", "chord", "--mode", "flood" })]
    [InlineData("napster has no modes", new[] { "find", "x", "--technique", "napster", "--mode", "flood" })]
    [InlineData("--limit is a whole number from 1 to 100, not '0'", new[] { "find", "x", "--limit", "0" })]
    [InlineData("--output is text or json, not 'xml'", new[] { "topology", "--output", "xml" })]
    [InlineData("--gateway is an address", new[] { "topology", "--gateway", "localhost" })]
    [InlineData("a content id has 64 hexadecimal digits", new[] { "get", "abc" })]
    [InlineData("missing for option: '-o'", new[] { "get", "-o" })]
    [InlineData("no such file or folder", new[] { "share", "no/such/path" })]
    [InlineData("SHELL is bash, zsh or fish", new[] { "completion", "tcsh" })]
    [InlineData("--peers is a whole number", new[] { "up", "--peers", "0" })]
    [InlineData("--port is a whole number from 0 to 65535", new[] { "up", "--port", "65536" })]
    [InlineData("--redis is HOST:PORT", new[] { "up", "--redis", "localhost" })]
    [InlineData("--share: no such folder", new[] { "up", "--share", "no/such/folder" })]
    [InlineData("--data: no folder", new[] { "up", "--data", "" })]
    [InlineData("give the value once", new[] { "put", "k" })]
    [InlineData("give the value once", new[] { "put", "k", "v", "--file", "f" })]
    [InlineData("'..' cannot be a key", new[] { "put", "..", "v" })]
    [InlineData("--ttl is a whole number from 1", new[] { "put", "k", "v", "--ttl", "1.5" })]
    [InlineData("--if-version is a version", new[] { "put", "k", "v", "--if-version", "7" })]
    [InlineData("exclude each other", new[] { "put", "k", "v", "--if-version", "0000000000000007-peer-3#1", "--if-absent" })]
    [InlineData("--consistency is quorum or one, not 'all'", new[] { "get-key", "k", "--consistency", "all" })]
    public async Task A_wrong_command_line_exits_with_2_one_line_and_a_hint(string expected, string[] args)
    {
        var outcome = await CommandLine.RunAsync(args);

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.Equal(2, outcome.ErrorLines.Count);
        Assert.StartsWith("p2pcloud: ", outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains(expected, outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: p2pcloud", outcome.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_to_stdout_and_json_exclude_each_other()
    {
        var outcome = await CommandLine.RunAsync("get", Samples.HeyJude, "-o", "-", "--output", "json");

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
    }

    [Fact]
    public async Task A_wrong_address_in_the_environment_exits_with_2_and_names_the_variable()
    {
        var outcome = await CommandLine.RunAsync(["topology"], console => console with { Gateway = "nowhere" });

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("P2PCLOUD_GATEWAY is an address", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "topology")]
    [InlineData("--help", "completion")]
    [InlineData("find --help", "--technique")]
    [InlineData("up --help", "--virtual-nodes")]
    [InlineData("get --help --bogus", "--force")]
    public async Task Help_goes_to_stdout_and_exits_with_0(string args, string expected)
    {
        var outcome = await CommandLine.RunAsync(args.Split(' '));

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains(expected, outcome.Out, StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task A_word_after_two_dashes_may_look_like_an_option()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.OnLookup = Samples.Answer(_ => []);

        await CommandLine.RunAsync("find", "-t", "chord", "--gateway", gateway.Address, "--", "--bogus", "@home");

        Assert.Equal(["GET /api/v1/lookups?q=--bogus @home&technique=chord"], gateway.Requests);
    }
}
